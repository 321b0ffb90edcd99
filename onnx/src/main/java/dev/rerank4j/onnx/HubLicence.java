package dev.rerank4j.onnx;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a model's licence forbids commercial use. */
final class HubLicence {

    /** As the Hub's short names spell it ({@code cc-by-nc-4.0}, {@code apple-amlr}), or names that people give. */
    private static final Pattern FORBIDS = Pattern.compile("(^|[-_ ])nc([-_ ]|$)|non-?commercial|research|amlr");

    private HubLicence() {
    }

    /**
     * {@return the licence, if it forbids commercial use}
     *
     * @param named what the model's card names it, if it does
     */
    static Optional<String> forbidding(String repository, Optional<String> named) {
        Optional<KnownModel> known = KnownModel.find(repository);
        if (known.isPresent()) {
            return known.filter(model -> !model.commercial()).map(KnownModel::licence);
        }
        return named.filter(licence -> FORBIDS.matcher(licence.toLowerCase(Locale.ROOT)).find());
    }
}
