-- The database and its two roles, for PostgreSQL 15 or later; safe to run again.
--
--   OWNER_PASSWORD=… SERVING_PASSWORD=… psql -f ops/roles.sql      (as a superuser)
--
-- "clerk_owner" owns the schema: clerk init, migrate and restore, nothing else.
-- "clerk" serves: it reads and writes rows, and has no right to make, change or drop anything.
-- Other names: OWNER_ROLE, SERVING_ROLE, CLERK_DATABASE in the environment.
\set ON_ERROR_STOP on
\set owner clerk_owner
\set serving clerk
\set database clerk
\getenv owner OWNER_ROLE
\getenv serving SERVING_ROLE
\getenv database CLERK_DATABASE
\getenv owner_password OWNER_PASSWORD
\getenv serving_password SERVING_PASSWORD

SELECT format('CREATE ROLE %I', name) FROM (VALUES (:'owner'), (:'serving')) AS wanted (name)
 WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
-- Neither password is written to the server's log.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'owner_password';
ALTER ROLE :"serving" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'serving_password';
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'database', :'owner')
 WHERE :'database' NOT IN (SELECT datname FROM pg_database) \gexec

\connect :"database"
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"serving";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO :"owner";
GRANT USAGE ON SCHEMA public TO :"serving";
-- What the owner makes from now on, and what is there already.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"serving";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"serving";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"serving";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"serving";
