"""The name of a downloaded file: Chinese by RFC 5987, one file name on every system."""

from foundation.web.downloads import CSV, XLSX, send_file
from launcher.installation import CHECKOUT

APPS = ("foundation", "registry", "casework", "coverage", "enrollment", "payments", "nightly", "operations", "portal")


def test_a_chinese_name_is_sent_as_rfc_5987():
    answer = send_file(b"x", name="待更正行_43.xlsx")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%BE%85%E6%9B%B4%E6%AD%A3%E8%A1%8C_43.xlsx"
    )
    assert answer.headers["Content-Type"] == XLSX
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_slashes_and_spaces_of_a_label_become_one_file_name():
    answer = send_file(name="audit log 2018/12.csv", content_type=CSV)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit_log_2018-12.csv"'


def test_no_download_is_kept_by_a_browser_or_a_proxy():
    assert send_file(b"x", name="x.xlsx").headers["Cache-Control"] == "no-store"
    source = "".join(path.read_text("utf-8") for app in APPS for path in (CHECKOUT / app).rglob("*.py"))
    assert source.count("content_disposition_header(") == 1, "every attachment is sent by send_file"


def test_every_csv_is_written_by_the_function_that_makes_cells_safe():
    writers = {
        path.relative_to(CHECKOUT).as_posix()
        for app in APPS
        for path in (CHECKOUT / app).rglob("*.py")
        if "csv.writer(" in path.read_text("utf-8") or "csv.DictWriter(" in path.read_text("utf-8")
    }
    assert writers == {"foundation/primitives/csv_cells.py", "foundation/regions/services/loading.py"}, (
        "the latter is for COPY"
    )
