"""The name of a downloaded file: Chinese by RFC 5987, one file name on every system."""

from foundation.web.downloads import CSV, XLSX, send_file


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
