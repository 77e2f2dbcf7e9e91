import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.mojibake import repair


def as_thai(text):
    """Read the UTF-8 of `text` as a Thai code page, gaps as cp1252 and latin-1."""
    read = []
    for value in text.encode():
        byte = bytes([value])
        for codec in ("cp874", "cp1252", "latin-1"):
            try:
                read.append(byte.decode(codec))
            except UnicodeDecodeError:
                continue
            break
    return "".join(read)


@pytest.mark.parametrize(
    "written",
    [
        "Featured Job 👀",
        "Artificial Intelligence – Bioinformatic Expert",
        "5 min read · Jan. 6, 2024",
        "We’re hiring — “now”…",
        "• Retail companies",
        "€60K – €80K",
        "Köln, Zürich, São Paulo, Łódź",
        "élan vital",
        "Österreich",
        "Hà Nội",
        "Москва",
        "東京都",
        "ภาษาไทย",
        "© 2024, 20 °C",
        "¡Hola!",
        "Team lead ⭐",
    ],
)
def test_text_read_as_a_thai_code_page_is_put_right(written):
    assert as_thai(written) != written
    assert repair(as_thai(written)) == written


@pytest.mark.parametrize(
    "text",
    [
        "รถ",
        "รถ BMW สีแดง",
        "รถ BMW",
        "รถBMW",
        "แบบ A",
        "แกง",
        "โชค 5",
        "ยก",
        "ไป…",
        "แก— ไป",
        "โก…",
        "ไทย\u00a0และ “แบบ” – ราคา €5",
        "งานวิศวกรข้อมูล (Data Engineer) กรุงเทพฯ",
        "นักวิทยาศาสตร์ข้อมูล ๕๐,๐๐๐ บาท",
        "เงินเดือน ๓๐,๐๐๐–๔๐,๐๐๐ บาท ต่อเดือน",
        "บริษัท ABC จำกัด รับสมัครพนักงานขับรถ",
    ],
)
def test_real_thai_stays(text):
    assert repair(text) == text


@pytest.mark.parametrize(
    "text", ["naïve café", "Ÿ", "“quoted” — ‘so’ …", "😀 ok", "Größe: 5 €", "日本", "Привет", "a\u0304", ""]
)
def test_sound_text_stays(text):
    assert repair(text) == unicodedata.normalize("NFC", text)


def test_text_misread_twice_is_put_right():
    assert repair(as_thai(as_thai("Data – AI 👀"))) == "Data – AI 👀"


def test_other_misreadings_are_put_right():
    assert repair("Caf\u00c3\u00a9 \u00e2\u20ac\u201c Bar") == "Café – Bar"


def test_a_broken_line_does_not_touch_the_thai_line_beside_it():
    assert repair(as_thai("a – b") + "\nรถ\n") == "a – b\nรถ\n"


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_left_alone(text):
    assert repair(text) == text


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(max_size=20).map(lambda text: as_thai(text.encode("utf-8", "ignore").decode())),
        st.text(st.sampled_from("abรถโ€“ยทกแบ ๐Ÿ‘€\u00a0\x81เธ"), max_size=20),
    )
)
def test_repairing_twice_is_repairing_once(text):
    assert repair(repair(text)) == repair(text)


@given(st.text(st.characters(min_codepoint=0xE01, max_codepoint=0xE3A, categories=["L", "M"]), min_size=1))
def test_thai_letters_alone_stay(text):
    assert repair(text) == unicodedata.normalize("NFC", text)


def test_ascii_costs_no_import_of_ftfy():
    code = "import sys; from bot.language.mojibake import repair; repair('plain'); sys.exit('ftfy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
