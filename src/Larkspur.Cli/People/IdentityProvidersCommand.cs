using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur identity-providers</c>: the company's own log-ins, by which people sign in.</summary>
internal static class IdentityProvidersCommand
{
    public static Command Create() =>
        new("identity-providers", "The company's own log-ins, by which people sign in: list, show, put, test, remove.")
        {
            List(), Show(), Put(), Test(), Remove(),
        };

    private static Verb List() => new Verb("list", "All of them.", "larkspur identity-providers list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.IdentityProviders.ListAsync(limited))).Items, false,
            new("Provider", p => p.Name), new("State", p => p.State), new("Title", p => p.TitleEn), new("Issuer", p => p.Issuer),
            new("Makes people", p => p.CreatePeople ? "yes" : "no"), new("System", p => p.System)));

    private static Verb Show()
    {
        var name = Name();
        return new Verb("show", "One of them, without its secret, and the redirect address to register there.",
            "larkspur identity-providers show keycloak") { name }.Asks(async call =>
        {
            var provider = await call.AskAsync((client, limited) => client.IdentityProviders.GetAsync(call.Get(name), limited));
            if (call.Json) JsonOut.Write(provider);
            else DetailView.Print(("provider", provider.Name), ("title", $"{provider.TitleEn} · {provider.TitleZh}"),
                ("state", provider.State), ("issuer", provider.Issuer), ("client id", provider.ClientId),
                ("secret", provider.HasSecret ? "kept" : "none"), ("client auth", provider.ClientAuth), ("product", provider.Product),
                ("scopes", string.Join(' ', provider.Scopes)), ("name claim", provider.NameClaim), ("groups claim", provider.GroupsClaim),
                ("tenants", provider.AllowedTenants.Count > 0 ? string.Join(' ', provider.AllowedTenants) : null),
                ("guests", provider.AllowGuests ? "may sign in" : null), ("makes people", provider.CreatePeople ? "yes" : "no"),
                ("redirect address", provider.RedirectUri), ("system", provider.System),
                ("changed", $"{PointInTime.Shown(provider.ChangedAt)} by {provider.ChangedBy}"));
            return ExitCodes.Done;
        });
    }

    private static Verb Put()
    {
        var name = Name("What it is called here and in /sign-in/NAME: lower-case letters, digits, - and _.");
        var issuer = Text("--issuer", "The issuer, to the letter. A new one needs it.");
        var client = Text("--client-id", "The application's id there. A new one needs it.");
        var secret = Text("--secret-file",
            "File with the client secret; - reads it from the input. A new one needs it, and another issuer.");
        var auth = Text("--client-auth", "auto (the provider says), client_secret_basic, client_secret_post; none: a public client.");
        var product = Text("--product", "oidc, entra. Default: by the issuer.");
        var chinese = Text("--title-zh", "As the button calls it, in Chinese.");
        var english = Text("--title-en", "As the button calls it, in English.");
        var scopes = Text("--scopes", "With blanks between them; default: openid profile.");
        var nameClaim = Text("--name-claim", "The claim with people's names; default: name.");
        var groupsClaim = Text("--groups-claim",
            "The claim with groups or roles, such as groups, roles, realm_access.roles; none: they are not asked for.");
        var tenants = Text("--tenants", "Of Entra: ids of tenants whose members may sign in, with blanks between them.");
        var guests = new Option<bool?>("--allow-guests") { Description = "Of Entra: guests may sign in." };
        var create = new Option<bool?>("--create-people") { Description = "Whom the gateway does not know becomes a person so." };
        var enabled = new Option<bool?>("--enabled") { Description = "false: nobody signs in by it." };
        Option[] all = [issuer, client, secret, auth, product, chinese, english, scopes, nameClaim, groupsClaim, tenants, guests, create,
            enabled];
        var verb = new Verb("put", "Let people sign in by an identity provider, or change what is named here of one.",
            "pass show keycloak | larkspur identity-providers put keycloak --issuer https://id.example.com/realms/company "
                + "--client-id larkspur --secret-file - --title-en Keycloak",
            "larkspur identity-providers put keycloak --groups-claim groups --create-people true") { name };
        foreach (var option in all) verb.Add(option);
        verb.Validators.Add(result =>
        {
            if (all.All(option => result.GetResult(option) is null))
                result.AddError("Say what is to be: --issuer, --client-id, --secret-file, --title-en, --groups-claim, ...; see --help.");
        });
        return verb.Asks(async call =>
        {
            var body = new PutIdentityProvider
            {
                Issuer = call.Get(issuer), ClientId = call.Get(client), ClientAuth = call.Get(auth), Product = call.Get(product),
                ClientSecret = call.Get(secret) is { } path
                    ? await SecretInput.ReadAsync(path, "The client secret", call.Cancellation) : null,
                TitleZh = call.Get(chinese), TitleEn = call.Get(english), Scopes = Split(call.Get(scopes)), NameClaim = call.Get(nameClaim),
                GroupsClaim = call.Get(groupsClaim), AllowedTenants = Split(call.Get(tenants)), AllowGuests = call.Get(guests),
                CreatePeople = call.Get(create), Enabled = call.Get(enabled),
            };
            var saved = await call.AskAsync((asked, limited) => asked.IdentityProviders.PutAsync(call.Get(name), body, limited));
            return AnswerView.Say(call, saved, $"Saved: {saved.Name} ({saved.Issuer}). Register there: {saved.RedirectUri}\n"
                + $"Then: larkspur identity-providers test {saved.Name}");
        });
    }

    private static Verb Test()
    {
        var name = Name();
        return new Verb("test", "Read its metadata and keys now, and tell what is wrong; exit 1 when something is.",
            "larkspur identity-providers test keycloak") { name }.Asks(async call =>
        {
            var test = await call.AskAsync((client, limited) => client.IdentityProviders.TestAsync(call.Get(name), limited));
            if (call.Json) JsonOut.Write(test);
            else Console.Out.WriteLine(Printable.Line(test.Message));
            return test.Ok ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    private static Verb Remove()
    {
        var name = Name();
        return new Verb("remove", "Nobody signs in by it any more; accounts that people have by it stay theirs.",
            "larkspur identity-providers remove keycloak") { name }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.IdentityProviders.DeleteAsync(call.Get(name), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { name = call.Get(name), removed = true });
            else Console.Out.WriteLine(Printable.Line($"Removed: {call.Get(name)}"));
            return ExitCodes.Done;
        });
    }

    private static Option<string?> Text(string name, string what) => new(name) { Description = what };

    private static string[]? Split(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Argument<string> Name(string what = "The identity provider.") => Named.Argument("name", what);
}
