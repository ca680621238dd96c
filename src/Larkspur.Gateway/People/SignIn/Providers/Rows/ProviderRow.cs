using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Providers.Rows;

/// <summary>As it lies in the table; equal rows are the same provider. The secret is as it is encrypted.</summary>
internal sealed record ProviderRow
{
    private const string Columns = "name, title_zh, title_en, issuer, client_id, client_secret, client_auth, product, scopes, name_claim, "
        + "groups_claim, tenants, allow_guests, create_people, enabled, owner, created_at, changed_at, changed_by";

    public required string Name { get; init; }

    public required string TitleZh { get; init; }

    public required string TitleEn { get; init; }

    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public required string ClientAuth { get; init; }

    public required string Product { get; init; }

    public required string Scopes { get; init; }

    public required string NameClaim { get; init; }

    public required string GroupsClaim { get; init; }

    public required string Tenants { get; init; }

    public required bool AllowGuests { get; init; }

    public required bool CreatePeople { get; init; }

    public required bool Enabled { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static ValueTask<List<ProviderRow>> AllAsync(ISql sql) => sql.QueryAsync($"SELECT {Columns} FROM identity_provider", Read);

    public static ValueTask<ProviderRow?> FindAsync(ISql sql, string name) =>
        sql.FirstAsync($"SELECT {Columns} FROM identity_provider WHERE name = $1", Read, name);

    /// <summary>Writes the row in the place of the one of its name, if there is one.</summary>
    public async ValueTask WriteAsync(IUnitOfWork unit)
    {
        await unit.ExecuteAsync("DELETE FROM identity_provider WHERE name = $1", Name);
        await unit.ExecuteAsync($"INSERT INTO identity_provider ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
            + "$13, $14, $15, $16, $17, $18, $19)", Name, TitleZh, TitleEn, Issuer, ClientId, ClientSecret, ClientAuth, Product, Scopes,
            NameClaim, GroupsClaim, Tenants, AllowGuests ? 1 : 0, CreatePeople ? 1 : 0, Enabled ? 1 : 0, Owner,
            CreatedAt.ToUnixTimeMilliseconds(), ChangedAt.ToUnixTimeMilliseconds(), ChangedBy);
    }

    public override string ToString() => Name;

    private static ProviderRow Read(DbDataReader row) => new()
    {
        Name = row.GetString(0), TitleZh = row.GetString(1), TitleEn = row.GetString(2), Issuer = row.GetString(3),
        ClientId = row.GetString(4), ClientSecret = row.Text(5), ClientAuth = row.GetString(6), Product = row.GetString(7),
        Scopes = row.GetString(8), NameClaim = row.GetString(9), GroupsClaim = row.GetString(10), Tenants = row.GetString(11),
        AllowGuests = row.GetInt64(12) != 0, CreatePeople = row.GetInt64(13) != 0, Enabled = row.GetInt64(14) != 0,
        Owner = row.GetString(15), CreatedAt = row.Time(16), ChangedAt = row.Time(17), ChangedBy = row.GetString(18),
    };
}
