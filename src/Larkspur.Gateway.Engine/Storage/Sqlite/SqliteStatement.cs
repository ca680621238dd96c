using System.Buffers;
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>A compiled statement. Values are bound from where they are, without an object for each.</summary>
internal sealed class SqliteStatement(SqliteFile file, sqlite3_stmt handle) : IDisposable
{
    private const int OnStack = 512;

    // To SQLite "$2" is a name: it numbers parameters by where they first stand.
    private readonly int[] _places = PlacesOf(handle);

    /// <summary>Columns of a result row.</summary>
    public int Columns { get; } = raw.sqlite3_column_count(handle);

    public void BindNull(int index) => file.Check(raw.sqlite3_bind_null(handle, index));

    public void Bind(int index, long value) => file.Check(raw.sqlite3_bind_int64(handle, index, value));

    public void Bind(int index, double value) => file.Check(raw.sqlite3_bind_double(handle, index, value));

    /// <summary>Bytes; none are an empty blob and not null.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value) =>
        file.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));

    /// <summary>Text, or null.</summary>
    public void Bind(int index, string? value)
    {
        if (value is null)
        {
            BindNull(index);
            return;
        }

        // An empty span has no address, which SQLite takes for null.
        if (value.Length == 0)
        {
            file.Check(raw.sqlite3_bind_text(handle, index, value));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= OnStack)
        {
            Span<byte> utf8 = stackalloc byte[OnStack];
            file.Check(raw.sqlite3_bind_text(handle, index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            file.Check(raw.sqlite3_bind_text(handle, index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Values of <c>$1</c>, <c>$2</c>…, of the kinds that stores use.</summary>
    /// <exception cref="ArgumentException">There are too few, or one is of another kind.</exception>
    public void BindAll(ReadOnlySpan<object?> values)
    {
        if (_places.Length > values.Length) throw new ArgumentException($"The statement has {_places.Length} parameters and was given {values.Length} values.", nameof(values));
        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] > 0) BindAny(_places[i], values[i]);
        }
    }

    private void BindAny(int index, object? value)
    {
        switch (value)
        {
            case null or DBNull: BindNull(index); break;
            case string text: Bind(index, text); break;
            case long number: Bind(index, number); break;
            case int number: Bind(index, number); break;
            case short number: Bind(index, number); break;
            case bool truth: Bind(index, truth ? 1 : 0); break;
            case byte[] bytes: Bind(index, bytes); break;
            case ReadOnlyMemory<byte> bytes: Bind(index, bytes.Span); break;
            case double number: Bind(index, number); break;
            default: throw new ArgumentException($"A value of type {value.GetType()} is none that both databases store.", nameof(value));
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False when there is none.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        file.Check(code);
        return false;
    }

    /// <summary>Runs it to its end and makes it ready for the next values.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
                // A statement that returns rows has its effect all the same.
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends the run, whatever came of it: the error was told by the step.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public bool IsNull(int column) => Type(column) == raw.SQLITE_NULL;

    /// <summary>SQLite's type of a value of this row.</summary>
    public int Type(int column) => raw.sqlite3_column_type(handle, column);

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public double Real(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string Name(int column) => raw.sqlite3_column_name(handle, column).utf8_to_string();

    public void Dispose() => handle.Dispose();

    private static int[] PlacesOf(sqlite3_stmt handle)
    {
        var places = new List<int>();
        for (var place = 1; place <= raw.sqlite3_bind_parameter_count(handle); place++)
        {
            var number = int.Parse(raw.sqlite3_bind_parameter_name(handle, place).utf8_to_string().AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
            while (places.Count < number) places.Add(0);
            places[number - 1] = place;
        }

        return [.. places];
    }
}
