using System.Text;
using Federation.Protocol.Records;
using SQLitePCL;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// A prepared statement of one session. Disposing it resets it for the next use; the session finalizes it. Parameters and columns are
/// bound and read without boxing, because this is the busiest code of a node.
/// </summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt handle) : IDisposable
{
    private bool inUse;

    /// <summary>Whether the statement is for one use only.</summary>
    public bool ClosesWhenDisposed { get; set; }

    /// <summary>Takes the statement into use; using it twice at a time is a mistake in the program.</summary>
    public SqliteStatement Begin()
    {
        if (inUse)
            throw new InvalidOperationException("the statement is in use");
        inUse = true;
        return this;
    }

    public SqliteStatement Bind(int index, long value)
    {
        SqliteResult.Check(raw.sqlite3_bind_int64(handle, index, value), database);
        return this;
    }

    public SqliteStatement Bind(int index, ulong value) => Bind(index, checked((long)value));

    public SqliteStatement Bind(int index, long? value)
    {
        if (value is { } number)
            return Bind(index, number);
        SqliteResult.Check(raw.sqlite3_bind_null(handle, index), database);
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // A null pointer would bind NULL, and an empty span has one.
        SqliteResult.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value), database);
        return this;
    }

    public SqliteStatement Bind(int index, string? value)
    {
        SqliteResult.Check(value is null ? raw.sqlite3_bind_null(handle, index) : raw.sqlite3_bind_text(handle, index, value), database);
        return this;
    }

    public SqliteStatement Bind(int index, InstituteId value)
    {
        Span<byte> bytes = stackalloc byte[InstituteId.SizeBytes];
        value.Write(bytes);
        return Bind(index, (ReadOnlySpan<byte>)bytes);
    }

    public SqliteStatement Bind(int index, RecordId value)
    {
        Span<byte> bytes = stackalloc byte[RecordId.SizeBytes];
        value.Write(bytes);
        return Bind(index, (ReadOnlySpan<byte>)bytes);
    }

    public SqliteStatement Bind(int index, Digest value)
    {
        Span<byte> bytes = stackalloc byte[Digest.SizeBytes];
        value.Write(bytes);
        return Bind(index, (ReadOnlySpan<byte>)bytes);
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step() => SqliteResult.Check(raw.sqlite3_step(handle), database) == raw.SQLITE_ROW;

    /// <summary>Runs a statement that returns no rows, and gives it back.</summary>
    public void Execute()
    {
        try
        {
            SqliteResult.Check(raw.sqlite3_step(handle), database);
        }
        finally
        {
            Dispose();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => checked((int)raw.sqlite3_column_int64(handle, column));

    public ulong UInt64(int column) => checked((ulong)raw.sqlite3_column_int64(handle, column));

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    /// <summary>The column's bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Blob(int column) => Span(column).ToArray();

    public Digest Hash(int column) => Federation.Protocol.Records.Digest.Read(Span(column));

    public RecordName Name(int column) =>
        InstituteId.TryRead(Span(column), out var origin)
            ? new RecordName(origin, RecordId.Read(Span(column + 1)))
            : throw new StoreFaultException($"a row names an institute that can't be read: {Encoding.ASCII.GetString(Span(column))}");

    public void Dispose()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        inUse = false;
        if (ClosesWhenDisposed)
            Close();
    }

    /// <summary>Frees the statement for good.</summary>
    public void Close() => handle.Dispose();
}
