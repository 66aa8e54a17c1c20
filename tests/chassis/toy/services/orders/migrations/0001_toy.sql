CREATE TABLE stall (stall_id uuid PRIMARY KEY, left_over integer NOT NULL);
CREATE TABLE guest (
    order_id uuid PRIMARY KEY, subject_id uuid NOT NULL, name text NOT NULL, email text NOT NULL,
    phone text, placed_on date NOT NULL
);
CREATE TABLE attendance (
    attendance_id uuid PRIMARY KEY, organisation_id uuid NOT NULL, subject_id uuid, name text, seen_on date NOT NULL
);
CREATE TABLE invoice (
    invoice_id uuid PRIMARY KEY, subject_id uuid, payer text NOT NULL, remark text, paid_on date NOT NULL
);
