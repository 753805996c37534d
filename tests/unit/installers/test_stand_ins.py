"""Stand-ins have what is asked of the libraries whose place they take."""

from installers.stand_ins import dropped_icu_items, stand_in_source, taken_symbols

CODEC = """
0000000000000000      DF *UND*\t0000000000000000  Base        x265_api_get_216
0000000000000000      DO *UND*\t0000000000000000  Base        x264_levels
0000000000000000      DF *UND*\t0000000000000000 (GLIBC_2.2.5) free
0000000000ab0000 g    DF .text\t0000000000000010  Base        avcodec_open2
"""
ENCODER = """
0000000000001000 g    DF .text\t0000000000000010  Base        x265_api_get_216
0000000000002000 g    DO .rodata\t0000000000000010  Base        x264_levels
0000000000001100 g    DF .text\t0000000000000010  Base        x265_unused
0000000000000000      DF *UND*\t0000000000000000  Base        free
"""


def test_what_is_taken_is_what_one_lacks_and_the_other_has() -> None:
    """Only symbols that the encoder itself defines need a stand-in, data told from functions."""
    assert taken_symbols(CODEC, ENCODER) == [("x265_api_get_216", False), ("x264_levels", True)]


def test_the_source_defines_each_symbol() -> None:
    """Functions return 0, data is zeros."""
    source = stand_in_source([("x265_api_get_216", False), ("x264_levels", True)])
    assert "long x265_api_get_216(void) { return 0; }" in source
    assert "const char x264_levels[1024] = {0};" in source


def test_collation_is_kept() -> None:
    """What Qt sorts by stays; names of units, zones, languages and legacy encodings go."""
    names = ["coll/sv.res", "coll/ucadata.icu", "root.res", "pool.res", "res_index.res", "nfkc.nrm"]
    gone = ["unit/sv.res", "zone/de.res", "brkitr/root.res", "ibm-949_P110-1999.cnv", "sv.res", "zh_Hans_HK.res"]
    assert dropped_icu_items([*names, *gone]) == gone
