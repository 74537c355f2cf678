"""What the pages draw: values in, elements out; the pages themselves stay small."""
