using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Links by one-time codes: made on one platform, typed on another.</summary>
internal sealed class LinkCodes(IDatabase database, FirstContacts contacts, PersonJoining joining, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Wrong codes of one person in <see cref="Lifetime"/>.</summary>
    public const int MostTries = 5;

    public const int Length = 8;

    /// <summary>No two that look alike: neither 0 and O nor 1, I and L, 2 and Z, 5 and S, 8 and B, U and V.</summary>
    internal const string Letters = "ACDEFGHJKMNPQRTVWXY34679";

    /// <summary>What a look at a code costs. Codes are short: this keeps whoever reads the table from finding one by its hash before it ends.</summary>
    private const int Rounds = 30_000;

    private static readonly byte[] Salt = "larkspur link code"u8.ToArray();

    /// <inheritdoc cref="IIdentities.BeginLinkAsync"/>
    public async Task<LinkCode> BeginAsync(string personId, CancellationToken cancellation)
    {
        var code = RandomNumberGenerator.GetString(Letters, Length);
        var hash = HashOf(code);
        return await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.FindAsync(unit, personId) is not { IsDisabled: false } person) throw new KeyNotFoundException("There is no such person, or they are shut out.");
            var now = clock.GetUtcNow();
            // Those of yesterday need no more be told from wrong ones.
            await unit.ExecuteAsync("DELETE FROM person_link WHERE expires_at < $1", (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("DELETE FROM person_link_used WHERE expires_at < $1", now.ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("DELETE FROM person_link_try WHERE since < $1", (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("""
                INSERT INTO person_link (person, hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
                """, person.Id, hash, (now + Lifetime).ToUnixTimeMilliseconds());
            return new LinkCode(code, now + Lifetime);
        }, cancellation);
    }

    /// <inheritdoc cref="IIdentities.LinkAsync"/>
    public async Task<LinkResult> LinkAsync(PlatformAccount by, string code, CancellationToken cancellation)
    {
        var person = await contacts.MeetAsync(by, cancellation);
        if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person, 0);
        // Before the code is looked at, for that is what costs.
        var tries = await database.ReadAsync(sql => TriesAsync(sql, person.Id), cancellation);
        if (tries.Left == 0) return new LinkResult(LinkOutcome.TooManyTries, person, 0, tries.Until);
        var hash = HashOf(Normal(code));
        return await database.TransactAsync(unit => TryAsync(unit, person.Id, AccountOf(by), hash), cancellation);
    }

    private async ValueTask<LinkResult> TryAsync(IUnitOfWork unit, string typist, string account, string hash)
    {
        await PersonRows.LockAsync(unit);
        // Merged meanwhile: it is the survivor who types.
        var person = (await PersonRows.FindAsync(unit, typist))!;
        var tries = await TriesAsync(unit, person.Id);
        if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person, tries.Left);
        if (tries.Left == 0) return new LinkResult(LinkOutcome.TooManyTries, person, 0, tries.Until);
        if (await OpenAsync(unit, hash) is not { } open)
        {
            // Whoever was linked and did not hear of it, because the process died in between, types it again, or their message is worked on again.
            return await HasUsedAsync(unit, hash, account, person.Id) ? new LinkResult(LinkOutcome.Linked, person, MostTries) : await WrongAsync(unit, LinkOutcome.WrongCode, person, tries);
        }

        if (open.ExpiresAt <= clock.GetUtcNow()) return await WrongAsync(unit, LinkOutcome.ExpiredCode, person, tries);
        var maker = (await PersonRows.FindAsync(unit, open.Person))!;
        if (maker.Id == person.Id) return new LinkResult(LinkOutcome.OwnCode, person, tries.Left);
        if (maker.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person, tries.Left);
        if (await PersonRows.AreTwoAsync(unit, maker.Id, person.Ids)) return new LinkResult(LinkOutcome.TwoPeople, person, tries.Left);

        await unit.ExecuteAsync("DELETE FROM person_link WHERE person = $1", maker.Id);
        await unit.ExecuteAsync("DELETE FROM person_link_try WHERE person = $1", person.Id);
        // The older id is the one that more rows know.
        var (from, into) = maker.Seq < person.Seq ? (person, maker) : (maker, person);
        var one = await joining.MergeAsync(unit, Actor.System, PersonJoining.ByCode, from, into);
        await unit.ExecuteAsync("INSERT INTO person_link_used (hash, person, account, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING", hash, one.Id, account, open.ExpiresAt.ToUnixTimeMilliseconds());
        return new LinkResult(LinkOutcome.Linked, one, MostTries);
    }

    /// <summary>This code, typed under this very id, made them who they are, and they still are.</summary>
    private async ValueTask<bool> HasUsedAsync(IUnitOfWork unit, string hash, string account, string person) =>
        await unit.FirstAsync("SELECT person FROM person_link_used WHERE hash = $1 AND account = $2 AND expires_at > $3", static row => (string?)row.GetString(0), hash, account, clock.GetUtcNow().ToUnixTimeMilliseconds()) is { } then
        && await PersonRows.SurvivorAsync(unit, then) == person;

    /// <summary>The account's main id, as it is compared.</summary>
    private static string AccountOf(PlatformAccount by) => (by.Ids[0] with { Value = by.Ids[0].Compared }).ToString();

    /// <summary>Found by its hash, which tells nothing of the code however long the look takes; compared in constant time all the same.</summary>
    private static async ValueTask<Open?> OpenAsync(ISql sql, string hash)
    {
        var open = await sql.FirstAsync("SELECT person, hash, expires_at FROM person_link WHERE hash = $1", static row => new Open(row.GetString(0), row.GetString(1), row.Time(2)), hash);
        return open is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(open.Hash), Encoding.ASCII.GetBytes(hash)) ? open : null;
    }

    private async ValueTask<LinkResult> WrongAsync(IUnitOfWork unit, LinkOutcome outcome, KnownPerson person, Tries before)
    {
        var since = before.Since ?? clock.GetUtcNow();
        await unit.ExecuteAsync("INSERT INTO person_link_try (person, tries, since) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET tries = excluded.tries, since = excluded.since",
            person.Id, before.Count + 1, since.ToUnixTimeMilliseconds());
        var left = MostTries - before.Count - 1;
        return new LinkResult(outcome, person, left, left == 0 ? since + Lifetime : null);
    }

    private async ValueTask<Tries> TriesAsync(ISql sql, string person)
    {
        var tries = await sql.FirstAsync("SELECT tries, since FROM person_link_try WHERE person = $1", static row => new Tries((int)row.GetInt64(0), row.Time(1)), person);
        return tries?.Until > clock.GetUtcNow() ? tries : new Tries(0, null);
    }

    /// <summary>As it was made, however it was typed: in small letters, with blanks or dashes, in full-width characters.</summary>
    private static string Normal(string code)
    {
        var normal = new StringBuilder(Length);
        foreach (var c in code)
        {
            var narrow = c is >= '\uff01' and <= '\uff5e' ? (char)(c - 0xfee0) : c;
            if (char.IsWhiteSpace(narrow) || narrow == '-') continue;
            if (normal.Length == Length) return "";
            normal.Append(char.ToUpperInvariant(narrow));
        }

        return normal.ToString();
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(code), Salt, Rounds, HashAlgorithmName.SHA256, 32));

    private sealed record Open(string Person, string Hash, DateTimeOffset ExpiresAt);

    private sealed record Tries(int Count, DateTimeOffset? Since)
    {
        public int Left => Math.Max(0, MostTries - Count);

        public DateTimeOffset? Until => Since + Lifetime;
    }
}
