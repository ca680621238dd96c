using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Keys;

/// <summary><c>larkspur keys</c>: API keys of business systems.</summary>
internal static class KeysCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("keys", "API keys of business systems: list, show, create, change, rotate, hand-over, revoke.")
    {
        List(), Show(), Make(), Change(), Rotate(), KeyHandover.Verb(), Revoke(),
    };

    private static Verb List()
    {
        var revoked = new Option<bool>("--revoked") { Description = "With those that were ended." };
        var limit = Limit.Option(50, "How many at most.");
        return new Verb("list", "Keys, the newest first, without their secrets.", "larkspur keys list") { revoked, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<ApiKeyView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.ApiKeys.ListAsync(call.Get(revoked) ? true : null, cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Key", k => Number(k.Id)), new("Name", k => k.Name), new("Begins", k => k.Prefix),
                new("State", k => EndsSoon(k, TimeProvider.System.GetUtcNow()) ? k.State + ", ends soon" : k.State),
                new("System", k => k.System), new("Holder", k => k.Holder),
                new("Ends", k => PointInTime.Short(k.ExpiresAt)),
                new("Last used", k => PointInTime.Short(k.LastUsedAt)), new("Per minute", k => Number(k.RequestsPerMinute)), new("Scopes", k => string.Join(' ', k.Scopes))));
    }

    private static Verb Show()
    {
        var id = Id();
        return new Verb("show", "A key, without its secret.", "larkspur keys show 3") { id }.Asks(async call => Told(call, await call.AskAsync((client, limited) => client.ApiKeys.GetAsync(call.Get(id), limited))));
    }

    private static Verb Make()
    {
        var name = new Argument<string>("name") { Description = "The system that it is for; in the audit log it is key:NAME." };
        var scopes = new Option<string[]>("--scope") { Description = "What it may do, like payments:write (docs/rest.md); may be given several times.", Required = true, AllowMultipleArgumentsPerToken = true };
        var limit = new Option<int?>("--requests-per-minute") { Description = "Its limit; 600 unless it is said." };
        var expires = PointInTime.Ahead("--expires", "When it ends; default: in a year.");
        var endless = new Option<bool>("--no-expiry") { Description = "It does not end by itself." };
        var (reach, holder) = (new ReachOptions(), KeyHandover.Holder());
        var verb = new Verb("create", "Make a key. Its secret is printed this once; a lost one is replaced by keys rotate.",
            "larkspur keys create mica --scope notifications:write payments:write --expires 365d", "larkspur keys create backup --scope status:read --address 10.0.0.0/8 --json | jq -r .secret > backup.key") { name, scopes, limit, expires, endless, holder, reach.System, reach.Apps, reach.Issuers, reach.Addresses };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(expires) is not null && result.GetResult(endless) is not null) result.AddError("--expires and --no-expiry exclude each other.");
        });
        return verb.Asks(async call =>
        {
            var wanted = new ApiKeyWanted
            {
                Name = call.Get(name), Scopes = call.Get(scopes)!, RequestsPerMinute = call.Get(limit), ExpiresAt = call.Get(expires), Endless = call.Get(endless) ? true : null,
                System = call.Get(reach.System), Apps = Named(call.Get(reach.Apps)), Issuers = Named(call.Get(reach.Issuers)), Addresses = Named(call.Get(reach.Addresses)),
                Holder = await KeyHandover.IdAsync(call, call.Get(holder)),
            };
            return Made(call, await call.AskAsync((client, limited) => client.ApiKeys.CreateAsync(wanted, limited)), "Created");
        });
    }

    private static Verb Change()
    {
        var id = Id();
        var name = new Option<string?>("--name") { Description = "Another name." };
        var scopes = new Option<string[]?>("--scope") { Description = "All that it may do from now on; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var limit = new Option<int?>("--requests-per-minute") { Description = "Its limit." };
        var expires = PointInTime.Ahead("--expires", "When it ends.");
        var endless = new Option<bool>("--no-expiry") { Description = "It does not end by itself any more." };
        var (reach, holder) = (new ReachOptions(), KeyHandover.Holder());
        var verb = new Verb("change", "Change a key's name, scopes, limit or end, at once and in every process. Its secret stays.", "larkspur keys change 3 --scope notifications:write", "larkspur keys change 3 --expires 90d")
        {
            id, name, scopes, limit, expires, endless, holder, reach.System, reach.Apps, reach.Issuers, reach.Addresses,
        };
        verb.Validators.Add(result =>
        {
            Option[] changes = [name, scopes, limit, expires, endless, holder, reach.System, reach.Apps, reach.Issuers, reach.Addresses];
            if (changes.All(o => result.GetResult(o) is null))
            {
                result.AddError("Say what changes: --name, --scope, --requests-per-minute, --expires, --no-expiry, --holder, --system, "
                    + "--app, --issuer, --address.");
            }


            if (result.GetResult(expires) is not null && result.GetResult(endless) is not null) result.AddError("--expires and --no-expiry exclude each other.");
        });
        return verb.Asks(async call =>
        {
            var change = new ApiKeyChange
            {
                Name = call.Get(name), Scopes = Named(call.Get(scopes)), RequestsPerMinute = call.Get(limit), ExpiresAt = call.Get(expires), Endless = call.Get(endless) ? true : null,
                System = call.Get(reach.System), Apps = Named(call.Get(reach.Apps)), Issuers = Named(call.Get(reach.Issuers)), Addresses = Named(call.Get(reach.Addresses)),
                Holder = await KeyHandover.IdAsync(call, call.Get(holder)),
            };
            return Told(call, await call.AskAsync((client, limited) => client.ApiKeys.ChangeAsync(call.Get(id), change, limited)));
        });
    }

    private static Verb Rotate()
    {
        var id = Id();
        var overlap = PointInTime.Duration("--overlap", "For so long the secret until now is taken as well, up to 7d; default: it ends at once.");
        return new Verb("rotate", "Give a key another secret, which is printed this once.", "larkspur keys rotate 3 --overlap 1h") { id, overlap }.Asks(async call =>
        {
            var rotation = call.Get(overlap) is { } span ? new ApiKeyRotation { OverlapSeconds = (int)span.TotalSeconds } : null;
            return Made(call, await call.AskAsync((client, limited) => client.ApiKeys.RotateAsync(call.Get(id), rotation, limited)), "Rotated");
        });
    }

    private static Verb Revoke()
    {
        var id = Id();
        return new Verb("revoke", "End a key for good.", "larkspur keys revoke 3") { id }.Asks(async call =>
        {
            var ended = await call.AskAsync((client, limited) => client.ApiKeys.RevokeAsync(call.Get(id), limited));
            if (call.Json) JsonOut.Write(ended);
            else Console.Out.WriteLine(Printable.Line($"Revoked: key {Number(ended.Id)}, {ended.Name}"));
            return ExitCodes.Done;
        });
    }

    internal static int Made(VerbCall call, ApiKeyMade made, string what)
    {
        if (call.Json)
        {
            JsonOut.Write(made);
            return ExitCodes.Done;
        }

        Console.Out.WriteLine(Printable.Line($"{what}: key {Number(made.Key.Id)}, {made.Key.Name}{(made.Key.ExpiresAt is { } end ? $", until {PointInTime.Shown(end)}" : "")}"));
        Console.Out.WriteLine(Printable.Line($"Its secret, shown this once: {made.Secret}"));
        return ExitCodes.Done;
    }

    private static int Told(VerbCall call, ApiKeyView key)
    {
        if (call.Json) JsonOut.Write(key);
        else DetailView.Print(("key", Number(key.Id)), ("name", key.Name), ("begins", key.Prefix), ("state", key.State),
            ("system", key.System), ("holder", key.Holder), ("holder left", PointInTime.Shown(key.HolderLeftAt)),
            ("apps", Listed(key.Apps)), ("issuers", Listed(key.Issuers)), ("addresses", Listed(key.Addresses)),
            ("scopes", string.Join(' ', key.Scopes)), ("a minute", Number(key.RequestsPerMinute)),
            ("created", $"{PointInTime.Shown(key.CreatedAt)} by {key.CreatedBy}"), ("ends", PointInTime.Shown(key.ExpiresAt)), ("last used", PointInTime.Shown(key.LastUsedAt)), ("rotated", PointInTime.Shown(key.RotatedAt)),
            ("old secret until", PointInTime.Shown(key.OldKeyUntil)), ("revoked", key.RevokedAt is { } at ? $"{PointInTime.Shown(at)} by {key.RevokedBy}" : null));
        return ExitCodes.Done;
    }

    /// <summary>A month before a key ends its administrators see it.</summary>
    private static bool EndsSoon(ApiKeyView key, DateTimeOffset now) => key.State == "active" && key.ExpiresAt is { } end && end - now <= TimeSpan.FromDays(30);

    private static string[]? Named(string[]? given) => given is { Length: > 0 } ? given : null;

    private static string? Listed(IReadOnlyList<string>? list) => list is null ? null : string.Join(' ', list);

    internal static Argument<long> Id() => new("id") { Description = "The key's number, as in the list." };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
