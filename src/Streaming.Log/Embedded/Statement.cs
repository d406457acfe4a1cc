// Hot: SQLite's own calls without ADO.NET between, so that a blob is read where SQLite has it.
using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>A prepared statement of one connection, used by that connection's thread alone.</summary>
internal sealed class Statement : IDisposable
{
    private readonly Database _database;
    private readonly string _doing;
    private readonly sqlite3_stmt _statement;

    public Statement(Database database, string doing, string sql)
    {
        _database = database;
        _doing = doing;
        database.Check(raw.sqlite3_prepare_v2(database.Handle, sql, out _statement), doing);
    }

    public Statement Bind(int index, long value)
    {
        _database.Check(raw.sqlite3_bind_int64(_statement, index, value), _doing);
        return this;
    }

    public Statement Bind(int index, string value)
    {
        _database.Check(raw.sqlite3_bind_text(_statement, index, value), _doing);
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        _database.Check(raw.sqlite3_bind_blob(_statement, index, value), _doing);
        return this;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            Reset();
            throw _database.Failure(code, _doing);
        }

        return false;
    }

    /// <summary>Runs a statement without a result.</summary>
    public void Execute()
    {
        Step();
        Reset();
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? Scalar()
    {
        long? value = Step() && raw.sqlite3_column_type(_statement, 0) != raw.SQLITE_NULL ? Long(0) : null;
        Reset();
        return value;
    }

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A blob where SQLite has it: valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>Ends the statement's read transaction; its failure, if any, was that of the step before.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();
}
