"""On which legal basis personal data leave the system; each disclosure names one. Source: docs/rules.md R41."""

ANSWER_TO_DEPARTMENT = "个人信息保护法 第十三条第一款第三项、第三十四条"
"""Another department asks through the interface: a statutory duty within its remit."""
EXPORT = "社会保险经办条例 §38"
"""A file or workbook for the agency's own work."""
AUDIT_EXPORT = "网络安全法 §23；GB/T 22239-2019"
"""The audit log, for those who examine it."""
