package io.backhoe.s3;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupProvider;
import io.backhoe.backup.BackupStore;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackupLocation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens buckets. */
public final class S3Provider implements BackupProvider {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(30);

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public BackupStore open(BackupLocation location, Spec.@Nullable Export export) {
        String path = location.path();
        int slash = path.indexOf('/');
        return new S3Store(
                client(location),
                path.substring(0, slash),
                path.substring(slash + 1),
                export == null ? Spec.Export.DEFAULT : export);
    }

    private static S3Client client(BackupLocation location) {
        boolean elsewhere = hasEndpoint();
        try {
            return S3Client.builder()
                    .httpClientBuilder(UrlConnectionHttpClient.builder()
                            .connectionTimeout(CONNECT)
                            .socketTimeout(SILENCE))
                    .overrideConfiguration(o -> o.apiCallTimeout(CALL).retryStrategy(RetryMode.STANDARD))
                    .region(region(elsewhere))
                    // What is not AWS's mostly has no names of hosts for its buckets.
                    .forcePathStyle(elsewhere)
                    // Objects bring checksums of their own; not all that speak the protocol know those of the client.
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .build();
        } catch (SdkException e) {
            throw new BackupException(
                    BackupException.Kind.FORBIDDEN,
                    location + " cannot be opened: no region is known; AWS_REGION, or region in ~/.aws/config, says it",
                    e);
        }
    }

    private static Region region(boolean elsewhere) {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkException e) {
            if (elsewhere) {
                return Region.US_EAST_1;
            }
            throw e;
        }
    }

    /** As the client itself looks for it. */
    private static boolean hasEndpoint() {
        return isSet(System.getenv("AWS_ENDPOINT_URL"))
                || isSet(System.getenv("AWS_ENDPOINT_URL_S3"))
                || isSet(System.getProperty("aws.endpointUrl"))
                || isSet(System.getProperty("aws.endpointUrlS3"))
                || ProfileFile.defaultProfileFile()
                        .profile(ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow())
                        .flatMap(profile -> profile.property("endpoint_url"))
                        .isPresent();
    }

    private static boolean isSet(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}
