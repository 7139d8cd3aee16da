import io.backhoe.transform.InputRow;
import io.backhoe.transform.RowResult;
import io.backhoe.transform.RowTransform;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of each order which tier its amount makes, in Java: a plugin of one file.
 *
 *   javac -cp backhoe-cli/target/backhoe.jar -d classes examples/plugin/Tiers.java
 *   mkdir -p classes/META-INF/services
 *   echo Tiers > classes/META-INF/services/io.backhoe.transform.RowTransform
 *   jar --create --file tiers.jar -C classes .
 */
public class Tiers implements RowTransform {
    private static final BigDecimal LARGE = BigDecimal.valueOf(100);

    @Override
    public String name() {
        return "tiers";
    }

    @Override
    public List<RowResult> apply(List<InputRow> rows) {
        var results = new ArrayList<RowResult>();
        for (InputRow row : rows) {
            var amount = (BigDecimal) row.get("amount");
            results.add(amount == null
                    ? RowResult.leave()
                    : RowResult.set("customer_tier", amount.compareTo(LARGE) >= 0 ? "large" : "small"));
        }
        return results;
    }
}
