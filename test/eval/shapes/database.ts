// Set D: every form in which a database, its drivers and its tools write a credential. `Form.text` gets a fresh password;
// `keep` is what must survive, because the text is of no use without it.

import type { Random } from '../random.js';

export interface Form {
  readonly row: string;
  readonly make: (random: Random) => Sample;
}

export interface Sample {
  readonly text: string;
  readonly secrets: readonly string[];
  readonly keep?: string;
}

/** Forms beyond the list that the target speaks of: measured, and not counted. */
export const FURTHER = 'further forms';

const HOST = 'db1.corp.internal';

/** A password that a person would not take for a word: letters and digits, no mark that a form would have to escape. */
const password = (random: Random): string =>
  `${random.text('a', 2)}${random.between(2, 9)}${random.text('b62', 10, 20)}`;
const marked = (random: Random): string =>
  `${password(random)}${random.pick(Array.from('!#^*~'))}${random.text('b62', 4)}`;

/** One form per text; a text that names the host must keep it. */
function uses(row: string, texts: readonly ((secret: string) => string)[], make = password): Form[] {
  return texts.map((write) => ({
    row,
    make: (random) => {
      const secret = make(random);
      const text = write(secret);
      return { text, secrets: [secret], ...(text.includes(HOST) ? { keep: HOST } : {}) };
    },
  }));
}

const SCHEMES = (
  'postgres postgresql postgresql+asyncpg mysql mysql+pymysql mariadb mongodb mongodb+srv redis rediss amqp amqps mssql ' +
  'clickhouse snowflake ldaps ftp https neo4j+s nats cockroachdb oracle+cx_oracle kafka'
).split(' ');

export const FORMS: readonly Form[] = [
  ...uses(
    'URI',
    SCHEMES.map((scheme) => (secret) => `${scheme}://app:${secret}@${HOST}:5432/shop`),
  ),
  ...uses(
    'URI, marks',
    SCHEMES.slice(0, 5).map((scheme) => (secret) => `${scheme}://app:${secret}@${HOST}/shop`),
    marked,
  ),
  ...uses('URI, no user', [(secret) => `redis://:${secret}@${HOST}:6379/0`, (secret) => `amqp://:${secret}@${HOST}`]),
  {
    row: 'URI, percent-encoded',
    make: (random) => {
      const secret = `${random.text('b62', 8)}@/${random.text('b62', 6)}`;
      return { text: `postgres://app:${encodeURIComponent(secret)}@${HOST}/shop`, secrets: [secret], keep: HOST };
    },
  },
  {
    row: 'URI, raw @',
    make: (random) => {
      const secrets = [random.text('b62', 9), random.text('b62', 9)];
      return { text: `postgres://app:${secrets.join('@')}@${HOST}/shop`, secrets, keep: HOST };
    },
  },
  ...uses('URI, hosts', [
    (secret) => `postgres://app:${secret}@[2001:db8::1]:5432/shop`,
    (secret) => `mongodb://app:${secret}@h1.example:27017,h2.example:27017/shop?replicaSet=rs0`,
    (secret) => `could not connect to "postgresql://app:${secret}@${HOST}:5432/shop": timeout`,
    (secret) => `OperationalError('mysql+pymysql://app:${secret}@${HOST}/shop')`,
  ]),
  ...uses('URI query', [
    (secret) => `postgresql://${HOST}/shop?user=app&password=${secret}&sslmode=require`,
    (secret) => `postgresql:///shop?host=${HOST}&password=${secret}`,
    (secret) => `sqlserver://${HOST}?user=sa&pwd=${secret}`,
    (secret) => `postgres://app@${HOST}/shop?sslmode=verify-full&sslpassword=${secret}`,
    (secret) => `libsql://${HOST}?token=${secret}&x=1`,
    (secret) => `https://${HOST}/v1?access_token=${secret} 401`,
  ]),
  ...uses('token as user', [(secret) => `https://${secret}@${HOST}/repo.git`], (random) => random.text('b62', 40)),
  ...uses('libpq', [
    (secret) => `host=${HOST} port=5432 user=app password=${secret} dbname=shop`,
    (secret) => `connection to server failed: host=${HOST} password='${secret}' user=app`,
    (secret) => `host=${HOST} password = ${secret} user=app`,
  ]),
  {
    row: 'libpq, quoted',
    make: (random) => {
      const secrets = [random.text('b62', 9), random.text('b62', 9)];
      return { text: `host=${HOST} user=app password='${secrets.join(" \\'")}' dbname=shop`, secrets, keep: HOST };
    },
  },
  ...uses('environment', [
    (secret) => `PGPASSWORD=${secret} psql -h ${HOST} -U app shop`,
    (secret) => `export PGPASSWORD='${secret}'`,
    (secret) => `MYSQL_PWD=${secret} mysql shop`,
    (secret) => `REDISCLI_AUTH=${secret} redis-cli ping`,
    (secret) => `DB_PASSWORD=${secret}\nDB_HOST=${HOST}`,
    (secret) => `POSTGRES_PASSWORD: "${secret}"`,
    (secret) => `-e MYSQL_ROOT_PASSWORD=${secret} -p 3306:3306`,
    (secret) => `$env:PGPASSWORD = "${secret}"`,
    (secret) => `set SNOWFLAKE_PASSWORD=${secret}`,
  ]),
  ...uses('.pgpass', [
    (secret) => `${HOST}:5432:shop:app:${secret}`,
    (secret) => `*:*:*:app:${secret}`,
    (secret) => `# hosts\n${HOST}:*:shop:app:${secret}\nother.example:5432:*:bob:${secret}`,
    (secret) => `2001\\:db8\\:\\:1:5432:shop:app:${secret}`,
  ]),
  ...uses('JDBC', [
    (secret) => `jdbc:postgresql://${HOST}:5432/shop?user=app&password=${secret}`,
    (secret) => `jdbc:mysql://${HOST}/shop?user=app&password=${secret}&useSSL=true`,
    (secret) => `jdbc:sqlserver://${HOST}:1433;databaseName=shop;user=sa;password=${secret};encrypt=true`,
    (secret) => `jdbc:oracle:thin:app/${secret}@//${HOST}:1521/ORCL`,
    (secret) => `jdbc:oracle:thin:app/${secret}@${HOST}:1521:ORCL`,
  ]),
  ...uses('ODBC, ADO.NET', [
    (secret) => `Driver={PostgreSQL Unicode};Server=${HOST};Uid=app;Pwd=${secret};`,
    (secret) => `Server=${HOST};Database=shop;User ID=app;Password=${secret};TrustServerCertificate=True`,
    (secret) => `Data Source=${HOST};User Id=sa;PWD={${secret}};`,
    (secret) => `Host=${HOST};Username=app;Password=${secret}`,
  ]),
  ...uses('command line', [
    (secret) => `mysql -h ${HOST} -u root -p${secret} shop`,
    (secret) => `mysqldump -uroot -p${secret} shop > dump.sql`,
    (secret) => `mysqladmin -p${secret} status`,
    (secret) => `mariadb -u app -p${secret}`,
    (secret) => `mysql --host=${HOST} --password=${secret} shop`,
    (secret) => `curl -s -u app:${secret} https://${HOST}/`,
    (secret) => `curl --user app:${secret} https://${HOST}/`,
    (secret) => `sshpass -p ${secret} ssh app@${HOST}`,
    (secret) => `sshpass -p '${secret}' ssh app@${HOST}`,
    (secret) => `psexec \\\\host -u admin -p ${secret} cmd`,
  ]),
  ...uses(
    'SQL DDL',
    [
      (secret) => `CREATE ROLE app LOGIN PASSWORD '${secret}';`,
      (secret) => `ALTER USER app WITH ENCRYPTED PASSWORD '${secret}' VALID UNTIL 'infinity'`,
      (secret) => `create user app with password '${secret}'`,
      (secret) => `CREATE USER 'app'@'%' IDENTIFIED BY '${secret}';`,
      (secret) => `CREATE USER app IDENTIFIED WITH caching_sha2_password BY '${secret}'`,
      (secret) => `CREATE USER app IDENTIFIED BY "${secret}"`,
      (secret) => `ALTER USER app IDENTIFIED WITH mysql_native_password AS '${secret}'`,
      (secret) => `GRANT ALL ON *.* TO app IDENTIFIED BY '${secret}' WITH GRANT OPTION`,
      (secret) => `SET PASSWORD = '${secret}'`,
      (secret) => `CREATE LOGIN app WITH PASSWORD = N'${secret}', CHECK_POLICY = OFF`,
      (secret) => `CREATE USER app IDENTIFIED WITH plaintext_password BY '${secret}'`,
    ],
    marked,
  ),
  ...uses('SQL, more', [
    (secret) => `CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'u', password '${secret}')`,
    (secret) => `ALTER USER MAPPING FOR app SERVER s OPTIONS (SET password '${secret}')`,
    (secret) => `CREATE SUBSCRIPTION s CONNECTION 'host=${HOST} user=r password=${secret}' PUBLICATION p`,
    (secret) => `SELECT * FROM dblink_connect('host=${HOST} user=r password=${secret}')`,
    (secret) => `CHANGE MASTER TO MASTER_HOST='${HOST}', MASTER_USER='r', MASTER_PASSWORD='${secret}'`,
    (secret) => `CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD='${secret}'`,
  ]),
  ...uses(
    'cloud load',
    [(secret) => `COPY t FROM 's3://b/k' CREDENTIALS 'aws_access_key_id=x;aws_secret_access_key=${secret}' CSV`],
    (random) => random.text('b64', 40),
  ),
  ...uses('FDW array', [
    (secret) => JSON.stringify(['user=u', `password=${secret}`]),
    (secret) => `{user=u,password=${secret}}`,
    (secret) => `{user=u,password=${secret},host=${HOST}}`,
  ]),
  ...uses('rows', [
    (secret) => JSON.stringify({ rolname: 'app', rolpassword: secret }),
    (secret) => JSON.stringify([{ id: 1, password: secret, created: '2024-01-01' }]),
    (secret) => JSON.stringify({ name: 'DB_PASSWORD', value: secret }),
    (secret) => JSON.stringify({ columns: ['id', 'password'], rows: [[1, secret]] }),
    (secret) => JSON.stringify({ fields: [{ name: 'id' }, { name: 'api_key' }], rows: [[1, secret]] }),
    (secret) => JSON.stringify({ config: { dbPassword: secret, host: HOST } }),
    (secret) => `${JSON.stringify({ password: secret })}\n${JSON.stringify({ client_secret: secret })}`,
  ]),
  ...uses('config', [
    (secret) => `database:\n  host: ${HOST}\n  password: ${secret}\n`,
    (secret) => `database:\n  password: "${secret}"  # main\n`,
    (secret) => `<connection><host>${HOST}</host><password>${secret}</password></connection>`,
    (secret) => `<property name="password" value="${secret}"/>`,
    (secret) => `<db host="${HOST}" password="${secret}"/>`,
    (secret) => `org.apache.kafka.ScramLoginModule required username="u" password="${secret}";`,
    (secret) => `spring.datasource.password=${secret}`,
    (secret) => `[client]\nuser = app\npassword = ${secret}\n`,
    (secret) => `password = "${secret}"\n[db]`,
  ]),
  ...uses(FURTHER, [
    (secret) => `mongosh --username app --password ${secret} ${HOST}`,
    (secret) => `redis-cli -h ${HOST} -a ${secret} ping`,
    (secret) => `sqlcmd -S ${HOST} -U sa -P ${secret} -Q "select 1"`,
    (secret) => `requirepass ${secret}`,
    (secret) => `machine ${HOST} login app password ${secret}`,
    (secret) => `SET PASSWORD FOR 'app'@'%' = PASSWORD('${secret}')`,
    (secret) => `COPY INTO t FROM 's3://b' CREDENTIALS=(AWS_KEY_ID='x' AWS_SECRET_KEY='${secret}')`,
  ]),
  ...uses(
    'headers',
    [
      (secret) => `Authorization: Bearer ${secret}`,
      (secret) => `authorization: Token ${secret}`,
      (secret) => JSON.stringify({ headers: { Authorization: `Bearer ${secret}`, Accept: '*/*' } }),
      (secret) => `-H 'X-Api-Key: ${secret}'`,
      (secret) => `X-Vault-Token: ${secret}`,
      (secret) => `Cookie: theme=dark; session=${secret}`,
      (secret) => `Set-Cookie: sid=${secret}; Path=/; HttpOnly`,
      (secret) => `Proxy-Authorization: Bearer ${secret}`,
    ],
    (random) => random.text('b62', 32),
  ),
  {
    row: 'Basic',
    make: (random) => {
      const secret = password(random);
      return { text: `Authorization: Basic ${Buffer.from(`app:${secret}`).toString('base64')}`, secrets: [secret] };
    },
  },
  {
    row: 'Digest',
    make: (random) => {
      const secret = random.text('hex', 32);
      return {
        text: `Authorization: Digest username="app", realm="r", nonce="n1", uri="/", response="${secret}"`,
        secrets: [secret],
      };
    },
  },
  {
    row: 'Kubernetes Secret',
    make: (random) => {
      const secret = password(random);
      const data = Buffer.from(secret).toString('base64');
      return {
        text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${data}\n`,
        secrets: [secret],
      };
    },
  },
];
