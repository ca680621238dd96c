using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>One-time codes: made on one platform, typed on another. Typing one joins nobody: the account that made it is asked
/// (<see cref="LinkDecisions"/>).</summary>
internal sealed class LinkCodes(IDatabase database, FirstContacts contacts, LinkPolicy policy, Lazy<ILinkMessages> messages,
    AuditTrail audit, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Wrong codes of one person in <see cref="Lifetime"/>.</summary>
    public const int MostTries = 5;

    public const int Length = 8;

    /// <summary>No two that look alike: neither 0 and O nor 1, I and L, 2 and Z, 5 and S, 8 and B, U and V.</summary>
    internal const string Letters = "ACDEFGHJKMNPQRTVWXY34679";

    /// <summary>What a look at a code costs. Codes are short: this keeps whoever reads the table from finding one by its hash before it
    /// ends.</summary>
    private const int Rounds = 30_000;

    private static readonly byte[] Salt = "larkspur link code"u8.ToArray();

    /// <inheritdoc cref="IIdentities.BeginLinkAsync"/>
    public async Task<LinkBeginning> BeginAsync(PlatformAccount by, LinkContact contact, CancellationToken cancellation)
    {
        var told = by.Checked();
        await contacts.GetOrCreateAsync(told, cancellation);
        var code = RandomNumberGenerator.GetString(Letters, Length);
        var hash = HashOf(code);
        return await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            var now = clock.GetUtcNow();
            await LinkRequests.PruneAsync(unit, now);
            await JoinRows.PruneAsync(unit, now);
            if (await PersonRows.AccountAsync(unit, told) is not var (person, account) || person.IsDisabled)
                return new LinkBeginning(LinkOutcome.Disabled);
            if (!policy.Permits(account)) return new LinkBeginning(LinkOutcome.NotPermitted);
            // Somebody is waiting for its word already. One code after another would bury the question.
            if (await LinkRequests.OpenOfAsync(unit, account.Id, now) is { } open
                && await PersonRows.AccountAsync(unit, open.Other) is { } other)
            {
                var again = open with { Contact = contact };
                await LinkRequests.MoveAsync(unit, again);
                await messages.Value.AskAsync(unit, again, other.Account, $"{open.Id} again {contact.Reference}");
                return new LinkBeginning(LinkOutcome.Asked);
            }

            // Those of yesterday need no more be told from wrong ones.
            await unit.ExecuteAsync("DELETE FROM person_link WHERE expires_at < $1", (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("DELETE FROM person_link_try WHERE since < $1", (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("""
                INSERT INTO person_link (person, hash, expires_at, account, contact) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (person) DO UPDATE
                SET hash = excluded.hash, expires_at = excluded.expires_at, account = excluded.account, contact = excluded.contact
                """, person.Id, hash, (now + Lifetime).ToUnixTimeMilliseconds(), account.Id, contact.ToJson());
            return new LinkBeginning(LinkOutcome.Asked, new LinkCode(code, now + Lifetime));
        }, cancellation);
    }

    /// <inheritdoc cref="IIdentities.LinkAsync"/>
    public async Task<LinkResult> LinkAsync(PlatformAccount by, LinkContact contact, string code, CancellationToken cancellation)
    {
        var told = by.Checked();
        var person = await contacts.GetOrCreateAsync(told, cancellation);
        if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person);
        // Before the code is looked at, for that is what costs.
        var tries = await database.ReadAsync(sql => TriesAsync(sql, person.Id), cancellation);
        if (tries.Left == 0) return new LinkResult(LinkOutcome.TooManyTries, person, 0, tries.Until);
        var hash = HashOf(Normal(code));
        return await database.TransactAsync(unit => TryAsync(unit, told, contact, hash), cancellation);
    }

    private async ValueTask<LinkResult> TryAsync(IUnitOfWork unit, PlatformAccount told, LinkContact contact, string hash)
    {
        await PersonRows.LockAsync(unit);
        var (person, account) = await PersonRows.AccountAsync(unit, told)
            ?? throw new InvalidOperationException("An account that was just met is not there.");
        var tries = await TriesAsync(unit, person.Id);
        if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person, tries.Left);
        if (tries.Left == 0) return new LinkResult(LinkOutcome.TooManyTries, person, 0, tries.Until);
        // Whether the code is one stays unknown to whoever may not link.
        if (!policy.Permits(account)) return new LinkResult(LinkOutcome.NotPermitted, person, tries.Left);
        if (await OpenAsync(unit, hash) is not { } open)
        {
            // Who did not hear of it, because the process died in between, types it again, or their message is worked on again.
            return await AskedBeforeAsync(unit, hash, account, person, tries)
                ?? await WrongAsync(unit, LinkOutcome.WrongCode, person, tries);
        }

        var now = clock.GetUtcNow();
        if (open.ExpiresAt <= now) return await WrongAsync(unit, LinkOutcome.ExpiredCode, person, tries);
        if (await PersonRows.AccountAsync(unit, open.Account) is not var (maker, first))
            return await WrongAsync(unit, LinkOutcome.ExpiredCode, person, tries);
        if (maker.Id == person.Id) return new LinkResult(LinkOutcome.OwnCode, person, tries.Left);
        if (maker.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person, tries.Left);
        if (!policy.Permits(first)) return new LinkResult(LinkOutcome.NotPermitted, person, tries.Left);
        if (await PersonRows.AreTwoAsync(unit, maker.Id, person.Ids)) return new LinkResult(LinkOutcome.TwoPeople, person, tries.Left);

        // Used up by being typed, whatever is answered. The typist's tries are not given back: two accounts of one attacker could go on
        // for ever.
        await unit.ExecuteAsync("DELETE FROM person_link WHERE hash = $1", hash);
        var request = new LinkRequest(LinkRequest.NewId(), first.Id, LinkContact.FromJson(open.Contact), account.Id, contact,
            now + LinkRequest.Lifetime);
        await LinkRequests.AddAsync(unit, request, hash, now);
        await messages.Value.AskAsync(unit, request, account, request.Id);
        await audit.AddAsync(unit, Actor.System, "person.link_asked", maker.Id, new JsonObject
        {
            ["account"] = PersonJoining.Names([first])[0]!.DeepClone(), ["with"] = PersonJoining.Names([account])[0]!.DeepClone(),
        });
        return new LinkResult(LinkOutcome.Asked, person, tries.Left) { AskedOn = first.Platform };
    }

    /// <summary>What became of this code, which this very account typed before; null: it did not.</summary>
    private static async ValueTask<LinkResult?> AskedBeforeAsync(IUnitOfWork unit, string hash, KnownAccount account, KnownPerson person,
        Tries tries)
    {
        if (await LinkRequests.OfCodeAsync(unit, hash, account.Id) is not { } request
            || await PersonRows.AccountAsync(unit, request.Account) is not var (maker, first)) return null;
        return request.Outcome switch
        {
            LinkRequest.Confirmed when maker.Id == person.Id => new LinkResult(LinkOutcome.Linked, person, tries.Left),
            LinkRequest.Refused => new LinkResult(LinkOutcome.Refused, person, tries.Left),
            null => new LinkResult(LinkOutcome.Asked, person, tries.Left) { AskedOn = first.Platform },
            _ => null,
        };
    }

    /// <summary>Found by its hash, which tells nothing of the code however long the look takes; compared in constant time all the
    /// same.</summary>
    private static async ValueTask<Open?> OpenAsync(ISql sql, string hash)
    {
        var open = await sql.FirstAsync("SELECT account, hash, expires_at, contact FROM person_link WHERE hash = $1",
            static row => new Open(row.GetInt64(0), row.GetString(1), row.Time(2), row.GetString(3)), hash);
        if (open is null) return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(open.Hash), Encoding.ASCII.GetBytes(hash)) ? open : null;
    }

    private async ValueTask<LinkResult> WrongAsync(IUnitOfWork unit, LinkOutcome outcome, KnownPerson person, Tries before)
    {
        var since = before.Since ?? clock.GetUtcNow();
        await unit.ExecuteAsync("""
            INSERT INTO person_link_try (person, tries, since) VALUES ($1, $2, $3)
            ON CONFLICT (person) DO UPDATE SET tries = excluded.tries, since = excluded.since
            """, person.Id, before.Count + 1, since.ToUnixTimeMilliseconds());
        var left = MostTries - before.Count - 1;
        return new LinkResult(outcome, person, left, left == 0 ? since + Lifetime : null);
    }

    private async ValueTask<Tries> TriesAsync(ISql sql, string person)
    {
        var tries = await sql.FirstAsync("SELECT tries, since FROM person_link_try WHERE person = $1",
            static row => new Tries((int)row.GetInt64(0), row.Time(1)), person);
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

    private static string HashOf(string code) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(code), Salt, Rounds, HashAlgorithmName.SHA256, 32));

    private sealed record Open(long Account, string Hash, DateTimeOffset ExpiresAt, string Contact);

    private sealed record Tries(int Count, DateTimeOffset? Since)
    {
        public int Left => Math.Max(0, MostTries - Count);

        public DateTimeOffset? Until => Since + Lifetime;
    }
}
