"""Where a model comes from, and what it is."""

import json
import os
import re
from pathlib import Path

CONFIGURATION = r"\.(json|txt|model|vocab|py)$|^(README\.md|LICEN[CS]E.*|NOTICE.*)$"
VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json")
OTHER_FORMATS = ("onnx", "openvino", "coreml", "gguf", "assets", "runs")


class Refusal(Exception):
    """What is told to the user, in one sentence."""


def first_line(e):
    return (str(e).strip().splitlines() or [type(e).__name__])[0].rstrip(".:")[:300]


def fetch(model, revision):
    """The folder of the model's files and, of the hub's models, which commit it is."""
    if Path(model).is_dir():
        if revision:
            raise Refusal(f"{model} is a folder: --revision is for models of the hub")
        return Path(model), None
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", model):
        raise Refusal(f"there is no folder {model}, and the name of a model is OWNER/NAME")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import huggingface_hub
    from huggingface_hub import constants, errors
    hub = constants.ENDPOINT
    try:
        if constants.HF_HUB_OFFLINE:
            folder = huggingface_hub.snapshot_download(model, revision=revision, local_files_only=True)
        else:
            state = huggingface_hub.HfApi().model_info(model, revision=revision)
            files = wanted([file.rfilename for file in state.siblings])
            folder = huggingface_hub.snapshot_download(model, revision=state.sha, allow_patterns=files)
    except errors.GatedRepoError as e:
        raise Refusal(f"{model} is given only to those who agreed to its terms: do so at {hub}/{model}, and set HF_TOKEN") from e
    except errors.RevisionNotFoundError as e:
        raise Refusal(f"{model} has no revision {revision}: name a branch, a tag or a commit") from e
    except errors.RepositoryNotFoundError as e:
        raise Refusal(f"there is no model {model} at {hub}, or it is private: check the name, or set HF_TOKEN") from e
    except errors.HfHubHTTPError as e:
        raise Refusal(f"{hub} answered {e.response.status_code} for {model}: check HF_TOKEN, or try again later") from e
    except errors.IncompleteSnapshotError as e:
        folder = e.snapshot_path  # of no network, and files that may not be needed; what is needed is looked for below
    except errors.LocalEntryNotFoundError as e:
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else f"{hub} does not answer"
        raise Refusal(f"{model} is not in the cache of the hub's models, and {why}: fetch it where there is a network, or name a folder") from e
    except Exception as e:  # of the HTTP library below, which is another one from version to version
        if isinstance(e, OSError) and e.filename:
            raise  # a full disk, a cache that cannot be written
        raise Refusal(f"{hub} cannot be reached ({first_line(e)}): check the network and HF_ENDPOINT, or name a folder") from e
    return Path(folder), Path(folder).name


def wanted(files):
    """Configurations, vocabularies, licence, code, and the weights once: safetensors, which hold no code, go before pickles."""
    safe = any(re.fullmatch(r"model[\w.-]*\.safetensors", file) for file in files)
    kept = []
    for file in files:
        folder, _, name = file.rpartition("/")
        weights = name.endswith(".safetensors") or name.endswith(".bin") and not (safe and not folder)
        if folder.split("/")[0] not in OTHER_FORMATS and (weights or re.search(CONFIGURATION, name)):
            kept.append(file)
    return kept


def check_licence(source, accepted):
    card = source / "README.md"
    header = re.match(r"---\n(.*?\n)---", card.read_text(encoding="utf-8", errors="replace"), re.DOTALL) if card.is_file() else None
    named = re.search(r"^license: *[\"']?([\w.-]+)", header.group(1), re.MULTILINE) if header else None
    if named:
        print(f"licence, as the model's card says: {named.group(1)}")
        if re.search(r"\bnc\b|non-?commercial", named.group(1)) and not accepted:
            raise Refusal(f"the licence of this model, {named.group(1)}, forbids commercial use: read it, and add --accept-licence if it allows yours")


def load_json(path):
    """The file's content; None if there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as e:
        raise Refusal(f"{path} is not JSON: fetch the model again") from e


def load(source, trusted):
    """The model as sentence-transformers reads it, and whether it is a reranker."""
    config = load_json(source / "config.json")
    if config is None:
        raise Refusal(f"there is no config.json in {source}: it is no model of transformers")
    if not any(source.glob("*.safetensors")) and not any(source.glob("*.bin")):
        raise Refusal(f"there are no weights in {source}: neither model.safetensors nor pytorch_model.bin")
    if not any((source / name).is_file() for name in VOCABULARIES) and not any(source.glob("*.model")):
        raise Refusal(f"there is no tokenizer in {source}: neither tokenizer.json nor a vocabulary ({', '.join(VOCABULARIES[1:])}, *.model)")
    architecture = (config.get("architectures") or [""])[0]
    own = load_json(source / "config_sentence_transformers.json") or {}
    reranker = own.get("model_type") == "CrossEncoder" or architecture.endswith("ForSequenceClassification")
    if re.search("CausalLM|ConditionalGeneration", architecture):
        raise Refusal(f"{architecture} is a model that writes text: export.py is for cross-encoders and sentence encoders")
    from transformers import CONFIG_MAPPING
    kind = config.get("model_type")
    if kind not in CONFIG_MAPPING and not trusted:
        raise Refusal(f"transformers has no architecture {kind}: " + ("its code lies beside the model; read it, and add --trust-remote-code"
                                                                      if config.get("auto_map") else "a newer version may have it"))
    from sentence_transformers import CrossEncoder, SentenceTransformer
    try:
        # Attention written out gives the plainest graph; the fused kernels of PyTorch have no counterpart in ONNX.
        model = (CrossEncoder if reranker else SentenceTransformer)(
            str(source), device="cpu", local_files_only=True, trust_remote_code=trusted,
            model_kwargs={"attn_implementation": "eager", "dtype": "float32"})
    except OSError as e:
        raise Refusal(f"the model cannot be read: {first_line(e)}") from e
    except Exception as e:
        raise Refusal(f"sentence-transformers cannot load the model: {first_line(e)}") from e
    if reranker:
        refuse_other_classes(model, [str(label) for label in (config.get("id2label") or {}).values()])
    if getattr(model[0], "transformer_task", None) not in ("sequence-classification", "feature-extraction"):
        raise Refusal("the first module is no network for texts or pairs of texts: export.py is for cross-encoders and sentence encoders")
    return model.eval(), reranker


def refuse_other_classes(model, labels):
    """As Rerank4j does when it loads a model."""
    if any(re.search("entail|contradict|neutral", label.lower()) for label in labels):
        raise Refusal(f"the model says whether one text follows from another (its classes are {', '.join(labels)}): it cannot rerank")
    if model.num_labels > 2:
        raise Refusal(f"the model has {model.num_labels} classes: a reranker has one number a pair, or two classes")
