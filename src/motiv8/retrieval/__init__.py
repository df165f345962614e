"""Finding passages: vectors, fusion, and the one repository that knows LanceDB."""
