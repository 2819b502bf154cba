"""The architectures, and which of them have what."""

RECURRENT = ("gru_attention", "aigru", "agru", "augru", "dien")
PRELU = ("base", "wide_deep", "pnn")
ARCHITECTURES = ("base", "wide_deep", "pnn", "din", *RECURRENT)
AUXILIARY_HIDDEN = (100, 50)
