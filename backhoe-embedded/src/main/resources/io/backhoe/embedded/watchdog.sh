# Sees to it that a server does not outlive the process that started it. That process holds the other end of standard
# input, which closes with it, however it ends. $1 is the server's own folder: made here, so that there is no moment
# in which it would be left behind, and removed here.
home=$1
trap '' HUP INT QUIT TERM
mkdir -m 711 -- "$home" || exit 1
echo watching

pid=
while read -r order value; do
    case $order in
        watch) pid=$value ;;
        forget) pid= ;;
        keep) exit 0 ;;
    esac
done

# A process that has ended but is still listed, because nobody has asked how it ended, counts as gone.
runs() {
    kill -0 "$1" 2>/dev/null || return 1
    case $(cat "/proc/$1/stat" 2>/dev/null) in
        *") Z "*) return 1 ;;
    esac
}

# SIGQUIT is PostgreSQL's immediate shutdown.
if [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null; then
    tries=0
    while runs "$pid" && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL "$pid" 2>/dev/null
fi

tries=0
until rm -rf -- "$home" || [ "$tries" -ge 10 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
