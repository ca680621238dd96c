using System.Collections;
using System.Data.Common;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>A statement's rows in the form in which stores map them, on both databases.</summary>
internal sealed class SqliteRows(SqliteStatement statement) : DbDataReader
{
    public override int FieldCount => statement.Columns;

    public override int Depth => 0;

    public override bool HasRows => throw new NotSupportedException("Rows are read once, from the first to the last.");

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => statement.Step();

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => statement.IsNull(ordinal);

    public override long GetInt64(int ordinal) => statement.Number(Filled(ordinal));

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override double GetDouble(int ordinal) => statement.Real(Filled(ordinal));

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override string GetString(int ordinal) => statement.Type(Filled(ordinal)) == raw.SQLITE_TEXT ? statement.Text(ordinal)
        : Convert.ToString(GetValue(ordinal), System.Globalization.CultureInfo.InvariantCulture)!;

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(byte[]) ? (T)(object)statement.Bytes(Filled(ordinal)).ToArray() : base.GetFieldValue<T>(ordinal);

    public override object GetValue(int ordinal) => statement.Type(ordinal) switch
    {
        raw.SQLITE_INTEGER => statement.Number(ordinal),
        raw.SQLITE_FLOAT => statement.Real(ordinal),
        raw.SQLITE_TEXT => statement.Text(ordinal),
        raw.SQLITE_BLOB => statement.Bytes(ordinal).ToArray(),
        _ => DBNull.Value,
    };

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++) values[i] = GetValue(i);
        return count;
    }

    public override string GetName(int ordinal) => statement.Name(ordinal);

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < FieldCount; i++)
        {
            if (GetName(i) == name) return i;
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override Type GetFieldType(int ordinal) => GetValue(ordinal).GetType();

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override IEnumerator GetEnumerator() => throw new NotSupportedException("Rows are read one by one.");

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Use GetFieldValue<byte[]>.");

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Use GetString.");

    public override char GetChar(int ordinal) => throw new NotSupportedException("Use GetString.");

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException("Times are stored as Unix milliseconds.");

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException("Amounts are stored as text or as whole numbers of their smallest unit.");

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException("Ids are stored as text.");

    /// <summary>Null is no number and no text: reading it as one is a mistake in the program.</summary>
    private int Filled(int ordinal) => statement.IsNull(ordinal) ? throw new InvalidCastException($"Column {ordinal} is null.") : ordinal;
}
