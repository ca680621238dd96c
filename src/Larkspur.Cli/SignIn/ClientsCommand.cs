using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.SignIn;

/// <summary><c>larkspur clients</c>: systems that people sign in to by the gateway's OpenID provider.</summary>
internal static class ClientsCommand
{
    public static Command Create() => new("clients",
        "Systems that people sign in to by the gateway: list, show, create, change, rotate, remove, keys, rotate-keys.")
    {
        List(), Show(), Make(), Change(), Rotate(), Remove(), Keys(), RotateKeys(),
    };

    private static Verb List() => new Verb("list", "All of them.", "larkspur clients list").Asks(async call => ListView.Print(call,
        (await call.AskAsync((client, limited) => client.Oidc.ListClientsAsync(limited))).Items, false, new("Client", c => c.ClientId),
        new("Name", c => c.Name), new("Public", c => c.Public ? "yes" : "no"), new("On", c => c.Enabled ? "yes" : "no"),
        new("Goes to", c => c.RedirectUris[0]), new("System", c => c.System)));

    private static Verb Show()
    {
        var id = Id();
        return new Verb("show", "One of them, without its secret.", "larkspur clients show lc_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21") { id }
            .Asks(async call => Told(call, await call.AskAsync((client, limited) => client.Oidc.GetClientAsync(call.Get(id)!, limited))));
    }

    private static Verb Make()
    {
        var name = new Argument<string>("name") { Description = "As people read it." };
        var redirects = new Option<string[]>("--redirect-uri")
        {
            Description = "Where codes go, letter by letter; may be given several times.", Required = true,
                AllowMultipleArgumentsPerToken = true,
        };
        var isPublic = new Option<bool>("--public") { Description =
            "It can keep no secret (a page, a program): it has none, and needs PKCE." };
        var switches = new ClientSwitches();
        var verb = new Verb("create", "Connect a system. Its secret is printed this once; a lost one is replaced by clients rotate.",
            "larkspur clients create Grafana --redirect-uri https://grafana.example.com/login/generic_oauth",
            "larkspur clients create MinIO --redirect-uri https://minio.example.com/oauth_callback --policy-claim policy --policy readonly")
        {
            name, redirects, isPublic,
        };
        switches.AddTo(verb);
        return verb.Asks(async call =>
        {
            var body = new NewOidcClient
            {
                Name = call.Get(name)!, RedirectUris = call.Get(redirects)!, Public = call.Get(isPublic),
                PostLogoutRedirectUris = switches.PostLogout(call), BackchannelLogoutUri = call.Get(switches.Backchannel),
                Trusted = call.Get(switches.Trusted), IdTokenClaims = call.Get(switches.IdTokenClaims), Groups = call.Get(switches.Groups),
                PolicyClaim = call.Get(switches.PolicyClaim), Policies = switches.PolicyList(call),
                JwtAccessTokens = call.Get(switches.Jwt), AlwaysRefresh = call.Get(switches.AlwaysRefresh),
                GraceSeconds = call.Get(switches.Grace), VerifiedEmailDomains = switches.Domains(call),
                AllowedGroups = switches.Allowed(call),
            };
            var made = await call.AskAsync((client, limited) => client.Oidc.CreateClientAsync(body, limited));
            return Secret(call, made, "Connected");
        });
    }

    private static Verb Change()
    {
        var id = Id();
        var name = new Option<string?>("--name") { Description = "As people read it." };
        var redirects = new Option<string[]>("--redirect-uri")
        {
            Description = "All of them from now on.", AllowMultipleArgumentsPerToken = true,
        };
        var enabled = new Option<bool?>("--enabled") { Description = "false: nobody signs in to it, and all that it has ends." };
        var switches = new ClientSwitches();
        var verb = new Verb("change", "Change what is named here of one.",
            "larkspur clients change lc_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21 --id-token-claims true --verified-email-domain example.com")
        {
            id, name, redirects, enabled,
        };
        switches.AddTo(verb);
        return verb.Asks(async call =>
        {
            var body = new ChangeOidcClient
            {
                Name = call.Get(name), RedirectUris = ClientSwitches.ListOf(call, redirects), Enabled = call.Get(enabled),
                PostLogoutRedirectUris = switches.PostLogout(call), BackchannelLogoutUri = call.Get(switches.Backchannel),
                Trusted = call.Get(switches.Trusted), IdTokenClaims = call.Get(switches.IdTokenClaims), Groups = call.Get(switches.Groups),
                PolicyClaim = call.Get(switches.PolicyClaim), Policies = switches.PolicyList(call),
                JwtAccessTokens = call.Get(switches.Jwt), AlwaysRefresh = call.Get(switches.AlwaysRefresh),
                GraceSeconds = call.Get(switches.Grace), VerifiedEmailDomains = switches.Domains(call),
                AllowedGroups = switches.Allowed(call),
            };
            return Told(call, await call.AskAsync((client, limited) => client.Oidc.ChangeClientAsync(call.Get(id)!, body, limited)));
        });
    }

    private static Verb Rotate()
    {
        var id = Id();
        return new Verb("rotate", "Give one another secret, which is printed this once; the one before ends at once.",
            "larkspur clients rotate lc_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21") { id }.Asks(async call =>
            Secret(call, await call.AskAsync((client, limited) => client.Oidc.RotateClientAsync(call.Get(id)!, limited)), "Rotated"));
    }

    private static Verb Remove()
    {
        var id = Id();
        return new Verb("remove", "Disconnect one: all that it has ends at once.",
            "larkspur clients remove lc_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21") { id }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Oidc.DeleteClientAsync(call.Get(id)!, limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { client_id = call.Get(id), removed = true });
            else Console.Out.WriteLine(Printable.Line($"Removed: {call.Get(id)}"));
            return ExitCodes.Done;
        });
    }

    private static Verb Keys() => new Verb("keys", "Keys that sign what the provider says, the one that signs first.",
        "larkspur clients keys")
        .Asks(async call => Listed(call, await call.AskAsync((client, limited) => client.Oidc.ListKeysAsync(limited))));

    private static Verb RotateKeys() => new Verb("rotate-keys", "Let the next key sign from now on; what the one before signed holds on.",
        "larkspur clients rotate-keys")
        .Asks(async call => Listed(call, await call.AskAsync((client, limited) => client.Oidc.RotateKeysAsync(limited))));

    private static int Listed(VerbCall call, OidcKeyListView keys) => ListView.Print(call, keys.Items, false, new("Key", k => k.Kid),
        new("State", k => k.State), new("Since", k => PointInTime.Short(k.StateAt)));

    private static int Secret(VerbCall call, OidcClientMade made, string what)
    {
        if (call.Json)
        {
            JsonOut.Write(made);
            return ExitCodes.Done;
        }

        Console.Out.WriteLine(Printable.Line($"{what}: {made.Client.Name}"));
        DetailView.Print(("client id", made.ClientId), ("client secret", made.ClientSecret ?? "none: it is public"));
        if (made.ClientSecret is not null) Console.Error.WriteLine("The secret is shown this once.");
        return ExitCodes.Done;
    }

    private static int Told(VerbCall call, OidcClientView client)
    {
        if (call.Json)
        {
            JsonOut.Write(client);
            return ExitCodes.Done;
        }

        DetailView.Print(("client id", client.ClientId), ("name", client.Name), ("on", Yes(client.Enabled)), ("public", Yes(client.Public)),
            ("goes to", string.Join(' ', client.RedirectUris)), ("after logout", string.Join(' ', client.PostLogoutRedirectUris)),
            ("told of logouts", client.BackchannelLogoutUri), ("trusted", Yes(client.Trusted)),
                ("PKCE", client.RequirePkce ? "required" : "taken"),
            ("claims in id_token", Yes(client.IdTokenClaims)), ("groups", client.Groups), ("policy claim", client.PolicyClaim),
            ("access tokens", client.JwtAccessTokens ? "JWT" : "opaque"),
                ("verified domains", string.Join(' ', client.VerifiedEmailDomains)),
            ("let in", client.AllowedGroups.Count == 0 ? "everybody" : string.Join(", ", client.AllowedGroups)), ("system", client.System),
            ("secret since", PointInTime.Shown(client.SecretAt)), ("changed",
                $"{PointInTime.Shown(client.ChangedAt)} by {client.ChangedBy}"));
        return ExitCodes.Done;
    }

    private static string Yes(bool so) => so ? "yes" : "no";

    private static Argument<string> Id() => new("client") { Description = "Its client_id." };
}
