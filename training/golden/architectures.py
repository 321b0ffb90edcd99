"""Tiny models with random weights, of every architecture that is tested, and their export to ONNX."""
import torch
from transformers import (AutoModel, AutoModelForSequenceClassification, BertConfig, DebertaV2Config, DistilBertConfig, ElectraConfig, GteConfig, ModernBertConfig,
                          MPNetConfig, NomicBertConfig, RobertaConfig, XLMRobertaConfig)

MAX_LENGTH = 128
SMALL = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)


def config(kind, vocabulary, **more):
    """The sizes are small; whatever decides about the arithmetic is as in the real models' configurations."""
    if kind == "bert":
        return BertConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, **SMALL, **more)
    if kind == "electra":
        return ElectraConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, embedding_size=16, **SMALL, **more)
    if kind == "distilbert":
        return DistilBertConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, dim=32, n_layers=2, n_heads=4, hidden_dim=64, **more)
    if kind in ("roberta", "xlm-roberta"):
        cls = RobertaConfig if kind == "roberta" else XLMRobertaConfig
        return cls(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH + 2, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2,
                   **SMALL, **more)
    if kind == "mpnet":
        return MPNetConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH + 2, **SMALL, **more)
    if kind == "deberta-v2":  # the settings of deberta-v3-xsmall, on which mxbai-rerank-xsmall-v1 stands
        return DebertaV2Config(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, type_vocab_size=0, relative_attention=True, max_relative_positions=-1,
                               position_buckets=16, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type="p2c|c2p", position_biased_input=False,
                               layer_norm_eps=1e-7, **SMALL, **more)
    if kind == "deberta-v2-conv":  # the settings of deberta-v2-xlarge: a convolution beside the first layer
        return DebertaV2Config(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, type_vocab_size=0, relative_attention=True, max_relative_positions=-1,
                               position_buckets=16, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type="p2c|c2p", position_biased_input=False,
                               conv_kernel_size=3, conv_act="gelu", layer_norm_eps=1e-7, **SMALL, **more)
    if kind == "modernbert":
        return ModernBertConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, local_attention=16, global_attn_every_n_layers=3,
                                pad_token_id=0, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3, **(SMALL | {"num_hidden_layers": 3}), **more)
    if kind == "nomic_bert":
        return NomicBertConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, **SMALL, **more)
    if kind == "gte":
        return GteConfig(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH, **SMALL, **more)
    raise ValueError(kind)


def build(settings, classifier, seed):
    """Random weights wide enough that texts differ: as initialised, every text of such a model is the same to 1e-3."""
    torch.manual_seed(seed)
    settings._attn_implementation = "eager"
    model = (AutoModelForSequenceClassification if classifier else AutoModel).from_config(settings)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.25 if "embed" in name.lower() else 0.18)
            else:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    return model.eval().float()


class Exported(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *tensors):
        out = self.model(**dict(zip(self.names, tensors)), return_dict=True)
        return out.logits if "logits" in out else out.last_hidden_state


def export(model, names, output, path):
    """A plain graph with free batch and length; inputs and output are named as in the repositories of the hub."""
    rows, width = 3, 19
    torch.manual_seed(0)
    ids = torch.randint(5, 100, (rows, width))
    mask = torch.ones_like(ids)
    mask[1, 15:] = 0
    tensors = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names}
    axes[output] = {0: "batch_size"} if output == "logits" else {0: "batch_size", 1: "sequence_length"}
    with torch.no_grad():
        torch.onnx.export(Exported(model, names).eval(), tuple(tensors[n] for n in names), str(path), dynamo=False, opset_version=17, input_names=list(names),
                          output_names=[output], dynamic_axes=axes)
