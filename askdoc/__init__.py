"""Ask a bilingual document questions and get its own words back."""
