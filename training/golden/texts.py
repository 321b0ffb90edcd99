"""200 pairs that a tokenizer can get wrong, all written here, and the texts on which the little tokenizers are trained."""
import random

PLAIN = [
    "How many days of paid leave do I get in the first year?",
    "Employees receive twenty-five days of paid leave; five of them can be carried over until March.",
    "The pump stops after ten minutes and shows error E-17, although the tank is full.",
    "Return the goods within thirty days, unused and in the original box, and we refund the price.",
    "waterproof running shoes size 42 wide",
    "A trail shoe with a deep sole and a sealed membrane: dry feet on wet snow.",
    "Can a tenant end the contract before its term?",
    "The lessee may terminate this agreement with three months' written notice.",
    "Which medicine must not be taken together with grapefruit juice?",
    "Don't take more than 4 tablets (500 mg) in 24 hours; ask a doctor if it isn't better.",
    "It's O'Neill's re-elected co-operative, isn't it? They're mother-in-law's well-known rock'n'roll.",
    "U.S.A. vs. U.K.: Dr. Smith et al. (2019), pp. 12-15, No. 7",
]
SCRIPTS = [
    "年次有給休暇は何日ありますか。", "機械學習模型會先讀查詢，再讀文件。", "检索系统先召回，后重排。", "세탁기가 물을 빼지 않습니다.",
    "كم عدد أيام الإجازة السنوية؟", "يُسمح للموظفين بخمسة وعشرين يومًا.", "Сколько дней отпуска положено сотруднику?",
    "Πόσες ημέρες άδειας δικαιούμαι;", "कितने दिन की छुट्टी मिलती है?", "ลาพักร้อนได้กี่วัน", "כמה ימי חופשה מגיעים לי?",
    "Wie viele Urlaubstage stehen mir zu? Größe, Maß, Äpfel, Straßenbahn", "Où est l'œuvre d'Éloïse ? Ça dépend…",
    "¿Cuántos días de vacaciones tengo, señor Núñez?", "İstanbul'da kaç gün izin var? ığüşöç", "Zażółć gęślą jaźń", "Đường này đi đâu?",
]
EMOJI = [
    "😀 great 👍🏽 thanks!", "👩‍👩‍👧‍👦 family 👨🏿‍🚀 astronaut", "🇩🇪🇯🇵 flags ❤️ ❤︎", "1️⃣ first 2️⃣ second", "🫠🪿🪼 new", "(╯°□°)╯︵ ┻━┻",
]
CODE = [
    "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; } // O(n)", "def f(x, *, y=None):\n    return x if y is None else x**y",
    "SELECT id, COUNT(*) FROM orders WHERE total >= 100.50 GROUP BY id HAVING COUNT(*) > 3;", "https://example.org/a/b?c=d&e=%20f#g",
    "java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"<local1>\" is null", "rm -rf ./build && make -j8 CC=gcc-13",
    "<div class=\"a b\">&nbsp;&lt;x&gt;</div>", "{\"key\": [1, 2.5e-3, null, true], \"k\\u00e9y\": \"\\n\"}", "C:\\Temp\\new folder\\x.txt", "user@example.org +49 (0)30 1234-567",
]
SHAPES = [
    "", " ", "   two   spaces  and\ttabs ", "\n\nlines\r\nand\u00a0no-break\u2003em\u200bzero\ufeffmark", "a", ".", "...", "!!!???", "-", "\u0000nul\u0007bell\u001b[0m", "�",
    "e\u0301 vs é, n\u0303 vs ñ, A\u030a vs Å, ﬁ ligature, ① ² ½ ㎏ ｆｕｌｌ", "Z\u0351\u036f\u0343a\u030c\u0320l\u0334g\u0317o\u0321", "ＡＢＣ　１２３", "ǅ ß ẞ ŉ İ ı ſ K",
    "supercalifragilisticexpialidocious" * 4, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "ACGT" * 60,
    "0123456789" * 12, "3.14159 1,000,000 -7 +8 1e10 0xFF 50% $9.99 €5 №4 10:30 2026-11-26", "MiXeD CaSe iPhone McDonald NASA", "_snake_case_ camelCase kebab-case",
    "𝕬𝖓𝖓𝖔 𝟙𝟚𝟛 𐍈 𠮷 𝄞", "\u202eright to left\u202c \u2066iso\u2069", "soft\u00adhyphen", "¨´`^~ ‘single’ “double” «guillemets» — – ‑ … • ·",
    "[SEP] [CLS] [MASK] [PAD] [UNK]", "</s> <s> <mask> <pad> <unk>", "text with [SEP] inside and </s> too", "<mask> at the start", " [MASK] with space ", "[CLS]glued[SEP]", "▁ lower block ▁▁",
]
LONG = [
    " ".join(PLAIN) + " " + " ".join(PLAIN), " ".join(SCRIPTS) * 3, " ".join(CODE) * 3, " ".join(EMOJI) * 8, "word " * 300, "x" * 900, " ".join(SHAPES[:30]) * 2, "\n\n".join(PLAIN * 3),
]


def pairs():
    """200 pairs, always the same; queries are short, so that a text always has room beside them."""
    random.seed(20261126)
    texts = PLAIN + SCRIPTS + EMOJI + CODE + SHAPES + LONG
    queries = [t for t in PLAIN + SCRIPTS + EMOJI + CODE + SHAPES if len(t) < 60]
    found = [(random.choice(queries), text) for text in texts]
    found += [(query, random.choice(texts)) for query in queries]
    while len(found) < 200:
        found.append((random.choice(queries), " ".join(random.sample(PLAIN + SCRIPTS + EMOJI + CODE + SHAPES, random.randint(1, 4)))))
    return found[:200]


def training():
    """What the tokenizers learn from: the plain kinds, so that odd characters stay unknown to some of them."""
    return (PLAIN + SCRIPTS + CODE + EMOJI[:2]) * 4
