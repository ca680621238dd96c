namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>
/// Columns that hold what the key ring has encrypted, as whole values or somewhere within a text. Whoever keeps such values registers its
/// columns: when a key is replaced they are encrypted anew, and what is not registered could not be read afterwards.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Id">The column that names a row.</param>
/// <param name="Columns">The columns; text, or bytes that are UTF-8 text.</param>
/// <param name="Purposes">What the protectors of the values were made for; which value has which is found by trying.</param>
internal sealed record SealedColumns(string Table, string Id, IReadOnlyList<string> Columns, IReadOnlyList<SealedPurpose> Purposes)
{
    /// <summary>Rows that count, as a condition; null: all. Of what is only good for an hour the ended rows need not be read.</summary>
    public string? Where { get; init; }

    /// <summary>The values are bytes, not text.</summary>
    public bool AreBytes { get; init; }

    /// <summary>Name in table <c>revision</c> of what keeps the rows in memory, so that it reads them again; null: nothing does.</summary>
    public string? Revision { get; init; }
}

/// <summary>What values are encrypted for.</summary>
/// <param name="Name">Of the protector.</param>
/// <param name="IsBase64Url">As text they are base64 for addresses, as Data Protection writes texts; else plain base64.</param>
internal sealed record SealedPurpose(string Name, bool IsBase64Url = true);
