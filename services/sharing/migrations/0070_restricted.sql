-- A restriction is told to recipients like a correction (Art. 19).
ALTER TABLE delivery DROP CONSTRAINT delivery_kind_check, ADD CONSTRAINT delivery_kind_check
    CHECK (kind IN ('registered', 'corrected', 'objected', 'erased', 'restricted'));
