using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>A base that an administrator opened to a business system.</summary>
/// <param name="Id">Its own for ever: another base of the same name has another one.</param>
/// <param name="Name">By which systems name it.</param>
/// <param name="App">The app by which it is read and written.</param>
/// <param name="AppToken">The platform's name of it.</param>
/// <param name="Title">As the platform called it when it was opened, or changed here.</param>
/// <param name="Owner">The business system that it is opened to; empty: the administrators' alone.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ChangedAt">When its app, token or owner were last set.</param>
/// <param name="ChangedBy">Who set them.</param>
internal sealed record BaseRow(long Id, string Name, string App, string AppToken, string Title, string Owner, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt, string ChangedBy)
{
    public const string Columns = "id, name, app, app_token, title, owner, created_at, changed_at, changed_by";

    public static BaseRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetString(4), row.GetString(5), row.Time(6), row.Time(7), row.GetString(8));
}
