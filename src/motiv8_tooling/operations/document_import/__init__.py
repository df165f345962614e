"""`motiv8 library import`: a folder of documents goes into the library through the API."""
