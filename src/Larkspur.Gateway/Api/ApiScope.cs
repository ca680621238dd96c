namespace Larkspur.Gateway.Api;

/// <summary>What an API key may do. A route without one is for the key of LARKSPUR_API_KEY alone.</summary>
internal static class ApiScopes
{
    public const string MessagesRead = "messages:read";
    public const string MessagesWrite = "messages:write";
    public const string CardsWrite = "cards:write";
    public const string NotificationsRead = "notifications:read";
    public const string NotificationsWrite = "notifications:write";
    public const string CommandsRead = "commands:read";

    /// <summary>Register commands of the bot, and answer those who call them.</summary>
    public const string CommandsWrite = "commands:write";

    public const string ApprovalsRead = "approvals:read";
    public const string ApprovalsWrite = "approvals:write";
    /// <summary>Decide tasks of approvals in their holders' name: whoever asks for something must not be who agrees.</summary>
    public const string ApprovalsDecide = "approvals:decide";

    public const string PaymentsRead = "payments:read";
    public const string PaymentsWrite = "payments:write";
    public const string PeopleRead = "people:read";
    public const string PeopleWrite = "people:write";

    /// <summary>Provision people and groups over SCIM, and nothing else of people: for a key that leaves the company's hands.</summary>
    public const string PeopleProvision = "people:provision";

    /// <summary>By which identity providers people sign in.</summary>
    public const string SignInRead = "sign-in:read";

    /// <summary>Change that: who names another provider can be anybody who signs in by it.</summary>
    public const string SignInWrite = "sign-in:write";

    public const string OidcRead = "oidc:read";

    /// <summary>Connect systems that people sign in to by the gateway, give them secrets, and change them.</summary>
    public const string OidcWrite = "oidc:write";

    public const string AuthorizationsRead = "authorizations:read";

    /// <summary>Ask people to let the key's system call their platform in their own name.</summary>
    public const string AuthorizationsWrite = "authorizations:write";

    /// <summary>Make such calls.</summary>
    public const string AuthorizationsCall = "authorizations:call";

    public const string PermissionsRead = "permissions:read";
    public const string PermissionsWrite = "permissions:write";
    public const string DeliveriesRead = "deliveries:read";
    public const string DeliveriesWrite = "deliveries:write";
    public const string WebhooksRead = "webhooks:read";
    public const string WebhooksWrite = "webhooks:write";
    public const string RobotsRead = "robots:read";

    /// <summary>Add, change, test and delete group robots; speaking by one takes messages:write.</summary>
    public const string RobotsWrite = "robots:write";

    /// <summary>Read the records of one's own system's bases.</summary>
    public const string TablesRead = "tables:read";

    /// <summary>Write them. Opening a base takes settings:write: whoever may name one reaches all that its app may.</summary>
    public const string TablesWrite = "tables:write";

    /// <summary>See one's own system's syncs: how they stand, what differs, and the values of conflicts.</summary>
    public const string SyncsRead = "syncs:read";

    /// <summary>Make, start and steer them. Connecting a source takes settings:write: whoever names one opens a database.</summary>
    public const string SyncsWrite = "syncs:write";

    public const string SettingsRead = "settings:read";
    public const string SettingsWrite = "settings:write";
    public const string StatusRead = "status:read";
    public const string WebChatRead = "web-chat:read";
    public const string WebChatWrite = "web-chat:write";
    public const string KeysWrite = "keys:write";

    /// <summary>Open web-chat sessions for any person, not only for subjects of the key's own issuers.</summary>
    public const string WebChatPerson = "web-chat:person";

    /// <summary>Read what other systems made.</summary>
    public const string OthersRead = "others:read";

    /// <summary>Read and change what other systems made.</summary>
    public const string OthersWrite = "others:write";

    /// <summary>A list of scopes has no more: there are fewer.</summary>
    public const int MostNamed = 64;

    /// <summary>All of them; the key of LARKSPUR_API_KEY has them all.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MessagesRead, MessagesWrite, CardsWrite, NotificationsRead, NotificationsWrite, ApprovalsRead, ApprovalsWrite, PaymentsRead, PaymentsWrite, PeopleRead, PeopleWrite,
        PermissionsRead, PermissionsWrite, DeliveriesRead, DeliveriesWrite, WebhooksRead, WebhooksWrite, SettingsRead, SettingsWrite, StatusRead, WebChatRead, WebChatWrite, KeysWrite, WebChatPerson, OthersRead, OthersWrite,
        ApprovalsDecide, CommandsRead, CommandsWrite, RobotsRead, RobotsWrite, PeopleProvision, SignInRead, SignInWrite,
        OidcRead, OidcWrite, AuthorizationsRead, AuthorizationsWrite, AuthorizationsCall, TablesRead, TablesWrite,
        SyncsRead, SyncsWrite,
    ];

    /// <summary>Whoever holds one of these can come to hold, see or change everything: they amount to administration.</summary>
    public static IReadOnlyList<string> Administrative { get; } =
        [KeysWrite, SettingsWrite, PermissionsWrite, PeopleWrite, SignInWrite, WebChatPerson, OthersRead, OthersWrite, ApprovalsDecide];

    /// <summary>The route needs a key with this scope.</summary>
    /// <param name="route">The route.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="also">Another one that it needs as well; null: none.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder route, string scope, string? also = null) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeedsScope(scope, also));
}

/// <summary>Marks endpoints that only keys with a scope, or with two, may call.</summary>
internal sealed record NeedsScope(string Scope, string? Also = null);
