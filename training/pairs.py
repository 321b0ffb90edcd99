"""Pairs to ask a model, and the tokens that it reads of them."""

# Short and long ones, of other scripts, empty; the last text is longer than the shorter models read.
PAIRS = [
    ("how many days of paid leave do I get", "Full-time employees receive 25 days of paid leave per calendar year, plus public holidays."),
    ("how many days of paid leave do I get", "Leave your laptop at the front desk when you get a paid parking permit for the day."),
    ("waterproof running shoes for winter", "Trail shoe with a sealed membrane and a deep lug sole: dry feet on wet snow, warm at minus ten."),
    ("connection refused after upgrading to version 3", "Since 3.0 the service listens on 127.0.0.1 only. Set listen-address to accept others."),
    ("年次有給休暇は何日ありますか", "従業員には年に25日の有給休暇があります。"),
    ("café naïve 東京 😀", "كم عدد أيام الإجازة السنوية؟ 東京 café 😀"),
    ("a", ""),
    ("long document", "The first sentence says nothing of interest. " * 60),
]
# What tokenizers are known to differ in.
ODD = ["HOW MANY DAYS", " [SEP] </s> <mask> ", "a\n\nb\t c  d", "Ｆｕｌｌ ﬁ e\u0301 ½"]


def limit(model):
    """How many tokens it reads, special ones included."""
    longest = model.max_seq_length or 512
    for name, module in model[0].model.named_modules():
        if name.endswith("position_embeddings") and getattr(module, "num_embeddings", None):
            # Models of the RoBERTa family count from behind the padding's place.
            first = 0 if module.padding_idx is None else module.padding_idx + 1
            longest = min(longest, module.num_embeddings - first)
    return longest


def tokens(model, texts, longest):
    """Tensors of a batch of texts, or of pairs: there the text is cut and never the query, as Rerank4j does."""
    pairs = isinstance(texts[0], tuple)
    columns = [[query for query, _ in texts], [text for _, text in texts]] if pairs else [texts]
    return model[0].tokenizer(*columns, padding=True, truncation="only_second" if pairs else True, max_length=longest, return_tensors="pt")
