"""The pages of the three administrators: users and roles, departments' API tokens, and the audit log.

views/ one file per subject, forms.py and audit_forms.py what they accept, selectors.py, history.py and sign_ins.py what they read,
presenters.py the labels of the audit log. Changes are made by services of foundation.accounts.
"""
