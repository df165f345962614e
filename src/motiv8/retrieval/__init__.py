"""Finding passages: vectors, fusion, and the one repository that knows LanceDB."""

from motiv8.retrieval.absent_client import leave_out

leave_out("lance_namespace_urllib3_client")
