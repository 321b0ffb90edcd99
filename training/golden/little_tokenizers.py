"""A little tokenizer of each kind, trained on a few kilobytes: what matters is that every step of the kind is there."""
import io
from collections import Counter

import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def fast(tokenizer, max_length, inputs, **special):
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=max_length, model_input_names=inputs, **special)


def bert_specials():
    return dict(pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")


def bert_template(tokenizer, second_type=1):
    ids = {t: tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]")}
    return processors.TemplateProcessing(single="[CLS]:0 $A:0 [SEP]:0", pair=f"[CLS]:0 $A:0 [SEP]:0 $B:{second_type} [SEP]:{second_type}",
                                         special_tokens=list(ids.items()))


def word_pieces(tokenizer, texts, size):
    """Characters, then the most frequent beginnings and ends of words: the library's trainer breaks ties by chance."""
    count = Counter()
    for text in texts:
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text)):
            for cut in range(1, len(word)):
                count[word[:cut]] += 1
                count["##" + word[cut:]] += 1
            count[word] += 2
            count.update(list(word) + ["##" + c for c in word])
    single = [p for p in count if len(p.removeprefix("##")) == 1]
    longer = sorted((p for p in count if len(p.removeprefix("##")) > 1), key=lambda p: (-count[p], p))
    return BERT + sorted(single) + longer[: max(0, size - len(BERT) - len(single))]


def word_piece(texts, max_length, types=True, lowercase=True, size=1200):
    """BERT, DistilBERT (without types), NomicBERT, MiniLM."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.model = models.WordPiece({piece: i for i, piece in enumerate(word_pieces(tokenizer, texts, size))}, unk_token="[UNK]", max_input_chars_per_word=100)
    tokenizer.post_processor = bert_template(tokenizer)
    tokenizer.decoder = decoders.WordPiece()
    inputs = ["input_ids", "token_type_ids", "attention_mask"] if types else ["input_ids", "attention_mask"]
    return fast(tokenizer, max_length, inputs, **bert_specials())


def roberta_bpe(texts, max_length, size=1200):
    """RoBERTa: byte-level pairs, two separators, a mask that swallows the space before it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, special_tokens=ROBERTA, show_progress=False,
                                                             initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    return fast(tokenizer, max_length, ["input_ids", "attention_mask"], pad_token="<pad>", unk_token="<unk>", cls_token="<s>", sep_token="</s>",
                bos_token="<s>", eos_token="</s>", mask_token=AddedToken("<mask>", lstrip=True, special=True))


def modern_bpe(texts, max_length, size=1200):
    """ModernBERT: byte-level pairs after NFC, with BERT's special tokens and no types."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, special_tokens=BERT, show_progress=False,
                                                             initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = bert_template(tokenizer, second_type=0)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True, special=True)])
    tokenizer.add_tokens([AddedToken("  ", normalized=True), AddedToken("    ", normalized=True)])  # runs of spaces, as the real one has them
    return fast(tokenizer, max_length, ["input_ids", "attention_mask"], **bert_specials())


def sentence_pieces(texts, size, max_piece=16, byte_fallback=False):
    """A unigram model by SentencePiece itself, whose normalizer (nmt_nfkc) is a table in the model."""
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(texts), model_writer=model, vocab_size=size, model_type="unigram", max_sentencepiece_length=max_piece,
                                   hard_vocab_limit=False, character_coverage=0.9995, byte_fallback=byte_fallback, minloglevel=2, num_threads=1)
    found = proto.ModelProto()
    found.ParseFromString(model.getvalue())
    pieces = [(p.piece, p.score) for p in found.pieces if p.type in (1, 6)]  # normal and byte pieces: not <unk>, <s>, </s>
    return pieces, found.normalizer_spec.precompiled_charsmap


def xlm_roberta_unigram(texts, max_length, size=1000, max_piece=16):
    """XLM-RoBERTa: unigram, nmt_nfkc, a block before each word, and two separators between the texts."""
    pieces, charsmap = sentence_pieces(texts, size, max_piece)
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + pieces + [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)])
    return fast(tokenizer, max_length, ["input_ids", "attention_mask"], pad_token="<pad>", unk_token="<unk>", cls_token="<s>", sep_token="</s>",
                bos_token="<s>", eos_token="</s>", mask_token=AddedToken("<mask>", lstrip=True, special=True))


def deberta_unigram(texts, max_length, size=1000):
    """DeBERTa-v2 and v3: unigram with BERT's special tokens; types are given, the model does not look at them."""
    pieces, charsmap = sentence_pieces(texts, size)
    vocabulary = [("[PAD]", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[UNK]", 0.0)] + pieces
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.post_processor = bert_template(tokenizer)
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["[PAD]", "[CLS]", "[SEP]", AddedToken("[UNK]", special=True, normalized=True), "[MASK]"])
    return fast(tokenizer, max_length, ["input_ids", "token_type_ids", "attention_mask"], **bert_specials())
