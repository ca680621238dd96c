using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>How far a document has come.</summary>
/// <param name="Id">Of app and key.</param>
/// <param name="App">The app's name.</param>
/// <param name="Digest">Of what is saved.</param>
/// <param name="DocumentId">The platform's.</param>
/// <param name="Title">As it was saved.</param>
/// <param name="Written">Calls with blocks that are done.</param>
/// <param name="Address">Where it is opened; null: it is not finished.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record SavedRow(string Id, string App, string Digest, string DocumentId, string Title, int Written, string? Address, DateTimeOffset CreatedAt)
{
    public const string Columns = "id, app, digest, document_id, title, written, address, created_at";

    public static SavedRow Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.Text(6), row.Time(7));
}
