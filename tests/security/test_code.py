"""What the product's code does nowhere: read in its syntax trees, so that the first use of a kind fails a test."""

from __future__ import annotations

import ast
import re

import pytest

from tests.security.sources import PARTS, ROOT, calls, imported, templates, trees

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
UNSAFE_LOADERS = ("pickle", "cPickle", "marshal", "shelve", "dill", "jsonpickle", "joblib")
SPEAKS_OUT = (
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "ftplib",
    "socket",
    "ssl",
    "paramiko",
    "telnetlib",
)
NOT_HERE = {
    "LDAP": ("ldap", "ldap3", "django_auth_ldap"),
    "XPath": ("lxml", "elementpath", "xpath"),
    "LaTeX": ("pylatex", "pypandoc"),
    "JNDI and Java": ("jnius", "jpype", "py4j"),
    "memcache": ("memcache", "pymemcache", "pylibmc", "bmemcached"),
    "mail": ("smtplib", "imaplib", "poplib", "django.core.mail", "email.mime"),
    "Markdown and style sheets of users": ("markdown", "mistune", "bbcode", "bleach", "nh3", "cssutils", "tinycss2"),
    "GraphQL": ("graphene", "strawberry", "graphql", "ariadne"),
    "WebSocket": ("channels", "websockets", "daphne", "wsproto"),
    "OAuth, OIDC and SAML": (
        "allauth.socialaccount",
        "oauthlib",
        "authlib",
        "social_django",
        "saml2",
        "oauth2_provider",
        "onelogin",
    ),
    "JSON web tokens": ("jwt", "jose", "jwcrypto", "rest_framework_simplejwt"),
    "WebRTC": ("aiortc", "aioice"),
    "public keys": ("cryptography.hazmat.primitives.asymmetric", "rsa", "ecdsa", "nacl"),
    "native code": ("ctypes", "cffi", "mmap"),
}
"""Parts of ASVS that do not apply, by what the code would import if they did."""


@pytest.mark.parametrize("kind", NOT_HERE)
def test_what_does_not_apply_is_nowhere_imported(kind):
    found = {
        path: names
        for path, tree in trees().items()
        if (
            names := {
                name
                for name in imported(tree)
                if any(name == each or name.startswith(each + ".") for each in NOT_HERE[kind])
            }
        )
    }
    assert found == {}


def test_no_application_of_these_kinds_is_installed():
    from django.conf import settings

    apps = " ".join(settings.INSTALLED_APPS)
    assert not re.search(r"socialaccount|channels|graphene|oauth|saml|simplejwt|ldap|admindocs", apps)


def test_nothing_runs_a_text_as_code():
    found = [(path, node.lineno) for path, tree in trees().items() for name, node in calls(tree) if name in RUNS_TEXT]
    assert found == []


def test_nothing_opens_a_format_that_can_hold_code():
    for path, tree in trees().items():
        names = {name.partition(".")[0] for name in imported(tree)}
        assert not names & set(UNSAFE_LOADERS), path
        for name, node in calls(tree):
            if name in {"yaml.load", "yaml.load_all"}:
                assert "Loader=LOADER" in ast.unparse(node), path  # SafeLoader, of C where it is there
            assert not re.fullmatch(r"yaml\.(?:unsafe|full)_load(?:_all)?", name), path
            if name in {"np.load", "numpy.load"}:
                assert "allow_pickle" not in ast.unparse(node), path


def test_xml_is_read_with_entities_and_documents_elsewhere_refused():
    readers = [
        path
        for path, tree in trees().items()
        if any("ElementTree" in name or "xml." in name for name in imported(tree))
    ]
    assert readers == ["registry/intake/workbooks.py"]
    assert "defusedxml.ElementTree" in imported(trees()["registry/intake/workbooks.py"])
    assert not {name for name in imported(trees()["registry/intake/workbooks.py"]) if name.startswith("xml.")}


def test_programs_are_started_from_lists_and_never_through_a_shell():
    started = []
    for path, tree in trees(PARTS).items():
        assert not {"os.system", "os.popen", "commands"} & imported(tree), path
        for name, node in calls(tree):
            assert name not in {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}, path
            if name.startswith("subprocess."):
                started.append(path)
                assert not [word for word in node.keywords if word.arg == "shell"], path
                assert not isinstance(node.args[0], (ast.JoinedStr, ast.Constant)), path
    assert {path for path in started if not path.startswith("launcher/")} == {"operations/backup.py"}


def test_nothing_asks_another_host():
    found = {
        path: sorted(names)
        for path, tree in trees().items()
        if (
            names := {
                name
                for name in imported(tree)
                if any(name == each or name.startswith(each + ".") for each in SPEAKS_OUT)
            }
        )
    }
    assert found == {"operations/health_probe.py": found.get("operations/health_probe.py")}
    assert "127.0.0.1" in (ROOT / "operations" / "health_probe.py").read_text("utf-8")


def test_templates_are_files_of_ours():
    for path, tree in trees().items():
        names = {name for name, _node in calls(tree)}
        assert not names & {"Template", "engines.from_string", "Engine.get_default", "from_string"}, path
        assert "django.template.Template" not in imported(tree), path


def test_no_text_of_a_user_is_a_format():
    """`format` and % are called on literals, translated words and constants only; a value may stand in them, never be one."""
    for path, tree in trees().items():
        for name, node in calls(tree):
            if name.endswith((".format", ".format_map")) and name not in {"super().format", "self.format"}:
                owner = node.func.value if isinstance(node.func, ast.Attribute) else node
                text = ast.unparse(owner)
                assert not re.search(r"request\.|cleaned_data|\.POST|\.GET|validated_data", text), (path, node.lineno)


def test_randomness_that_guards_something_is_the_system_s():
    """`random` is imported nowhere; numpy's generator draws the demonstration's people and nothing else."""
    for path, tree in trees(PARTS).items():
        assert not {name for name in imported(tree) if name == "random" or name.startswith("random.")}, path
        if path != "operations/backup.py":  # a name for each backup, which its parts are bound to
            assert "uuid.uuid4" not in {name for name, _node in calls(tree)}, path
        if not path.startswith("demo/"):
            assert not [name for name, _node in calls(tree) if "default_rng" in name or ".random." in name], path


def test_tokens_seeds_and_nonces_have_enough_random_bits():
    from foundation.accounts import authenticators
    from foundation.accounts.services import clients
    from foundation.primitives import ciphertext

    assert clients.TOKEN_BYTES * 8 >= 128
    assert authenticators.SECRET_BYTES * 8 >= 128
    assert ciphertext.NONCE_BYTES * 8 == 96  # what AES-GCM takes
    assert "secrets." in (ROOT / "launcher" / "keys.py").read_text("utf-8")


def test_only_sha_2_and_aes_gcm_guard_anything():
    """md5 numbers words for a join in DuckDB and guards nothing; everything else is SHA-256, HMAC-SHA-256, AES-256-GCM or PBKDF2."""
    guarding = {}
    for path, tree in trees(PARTS).items():
        names = {name for name, _node in calls(tree)}
        assert not {
            name
            for name in names
            if re.search(r"hashlib\.(?:md5|sha1|new)$|hashes\.(?:MD5|SHA1)|modes\.|algorithms\.", name)
        }, path
        if ciphers := {name for name in imported(tree) if name.startswith("cryptography.hazmat")}:
            guarding[path] = {name for name in ciphers if name.rpartition(".")[2][0].isupper()}
    assert guarding == {
        "foundation/primitives/ciphertext.py": {"cryptography.hazmat.primitives.ciphers.aead.AESGCM"},
    }


def test_keys_have_256_bits(settings):
    assert {len(key) * 8 for key in settings.KEYS.data_keys.values()} == {256}
    assert len(settings.KEYS.blind_key) * 8 >= 128


def test_a_form_names_its_fields_and_a_serializer_too():
    for path, tree in trees().items():
        text = ast.unparse(tree)
        assert "'__all__'" not in text, path
        assert not re.search(r"class \w+\((?:forms\.)?ModelForm\)", text), path
        assert "ModelSerializer" not in text, path
        assert not re.search(r"\*\*(?:self\.)?request\.(?:POST|data)|\*\*\w*\.?(?:initial_data)", text), path


def test_no_view_is_exempt_from_the_form_token():
    for path, tree in trees().items():
        assert not [name for name in imported(tree) if "csrf_exempt" in name], path
    for name, text in templates().items():
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", text, re.DOTALL):
            assert "{% csrf_token %}" in form, name


def test_statements_of_requests_are_never_put_together_from_text():
    """A statement in Python is a literal, a file or joined from those: no cursor executes an f-string that holds a request's value."""
    for path, tree in trees().items():
        for name, node in calls(tree):
            if not name.endswith((".execute", ".executemany", "RawSQL", ".raw", ".extra")) or not node.args:
                continue
            text = ast.unparse(node.args[0])
            assert not re.search(r"request\.|cleaned_data|\.POST|\.GET|validated_data|query_params", text), (
                path,
                node.lineno,
            )
            if isinstance(node.args[0], ast.BinOp) and isinstance(node.args[0].op, ast.Mod):
                pytest.fail(f"{path}:{node.lineno} formats a statement")


def test_nothing_of_people_is_put_into_a_cache():
    """The work list's totals are counts in the process's own memory; nothing is put into Redis but messages that wake."""
    users = {
        path for path, tree in trees().items() if any(name.startswith("django.core.cache") for name in imported(tree))
    }
    assert users == set()
