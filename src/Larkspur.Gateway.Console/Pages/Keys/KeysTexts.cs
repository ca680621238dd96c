using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Console.Pages.Keys;

/// <summary>What the page of API keys says.</summary>
internal static partial class KeysTexts
{
    /// <summary>Days that a new key lasts.</summary>
    public static readonly (int Days, LocalText Text)[] Terms = [(30, In30Days), (90, In90Days), (365, InYear), (0, Never)];

    /// <summary>Hours that the key before goes on.</summary>
    public static readonly (int Hours, LocalText Text)[] Overlaps = [(0, AtOnce), (1, Hour), (24, Day), (168, Days)];

    /// <summary>Scopes under what they are about.</summary>
    public static readonly (LocalText Title, string[] Scopes)[] ScopeGroups =
    [
        (MessagesAndNotifications,
        [
            ApiScopes.MessagesRead, ApiScopes.MessagesWrite, ApiScopes.CardsWrite, ApiScopes.NotificationsRead, ApiScopes.NotificationsWrite,
            ApiScopes.WebChatRead, ApiScopes.WebChatWrite, ApiScopes.CommandsRead, ApiScopes.CommandsWrite,
            ApiScopes.RobotsRead, ApiScopes.RobotsWrite, ApiScopes.TablesRead, ApiScopes.TablesWrite,
            ApiScopes.SyncsRead, ApiScopes.SyncsWrite,
        ]),
        (ApprovalsAndPayments, [ApiScopes.ApprovalsRead, ApiScopes.ApprovalsWrite, ApiScopes.PaymentsRead, ApiScopes.PaymentsWrite,
            ApiScopes.PeopleRead]),
        (InPeoplesNames, [ApiScopes.AuthorizationsRead, ApiScopes.AuthorizationsWrite, ApiScopes.AuthorizationsCall]),
        (Operations, [ApiScopes.StatusRead, ApiScopes.DeliveriesRead, ApiScopes.DeliveriesWrite]),
        (Administration, [ApiScopes.PeopleProvision, ApiScopes.PeopleWrite,
            ApiScopes.SignInRead, ApiScopes.SignInWrite, ApiScopes.OidcRead, ApiScopes.OidcWrite,
            ApiScopes.PermissionsRead, ApiScopes.PermissionsWrite, ApiScopes.WebhooksRead,
            ApiScopes.WebhooksWrite, ApiScopes.SettingsRead, ApiScopes.SettingsWrite, ApiScopes.KeysWrite, ApiScopes.OthersRead,
            ApiScopes.OthersWrite, ApiScopes.WebChatPerson, ApiScopes.ApprovalsDecide]),
    ];

    /// <summary>A scope in words.</summary>
    public static LocalText OfScope(string scope) => scope switch
    {
        ApiScopes.MessagesRead => ScopeMessagesRead,
        ApiScopes.MessagesWrite => ScopeMessagesWrite,
        ApiScopes.CardsWrite => ScopeCardsWrite,
        ApiScopes.NotificationsRead => ScopeNotificationsRead,
        ApiScopes.NotificationsWrite => ScopeNotificationsWrite,
        ApiScopes.CommandsRead => ScopeCommandsRead,
        ApiScopes.CommandsWrite => ScopeCommandsWrite,
        ApiScopes.WebChatRead => ScopeWebChatRead,
        ApiScopes.WebChatWrite => ScopeWebChatWrite,
        ApiScopes.ApprovalsRead => ScopeApprovalsRead,
        ApiScopes.ApprovalsWrite => ScopeApprovalsWrite,
        ApiScopes.PaymentsRead => ScopePaymentsRead,
        ApiScopes.PaymentsWrite => ScopePaymentsWrite,
        ApiScopes.PeopleRead => ScopePeopleRead,
        ApiScopes.PeopleWrite => ScopePeopleWrite,
        ApiScopes.PeopleProvision => ScopePeopleProvision,
        ApiScopes.SignInRead => ScopeSignInRead,
        ApiScopes.SignInWrite => ScopeSignInWrite,
        ApiScopes.OidcRead => ScopeOidcRead,
        ApiScopes.OidcWrite => ScopeOidcWrite,
        ApiScopes.AuthorizationsRead => ScopeAuthorizationsRead,
        ApiScopes.AuthorizationsWrite => ScopeAuthorizationsWrite,
        ApiScopes.AuthorizationsCall => ScopeAuthorizationsCall,
        ApiScopes.PermissionsRead => ScopePermissionsRead,
        ApiScopes.PermissionsWrite => ScopePermissionsWrite,
        ApiScopes.DeliveriesRead => ScopeDeliveriesRead,
        ApiScopes.DeliveriesWrite => ScopeDeliveriesWrite,
        ApiScopes.WebhooksRead => ScopeWebhooksRead,
        ApiScopes.WebhooksWrite => ScopeWebhooksWrite,
        ApiScopes.RobotsRead => ScopeRobotsRead,
        ApiScopes.RobotsWrite => ScopeRobotsWrite,
        ApiScopes.TablesRead => ScopeTablesRead,
        ApiScopes.TablesWrite => ScopeTablesWrite,
        ApiScopes.SyncsRead => ScopeSyncsRead,
        ApiScopes.SyncsWrite => ScopeSyncsWrite,
        ApiScopes.SettingsRead => ScopeSettingsRead,
        ApiScopes.SettingsWrite => ScopeSettingsWrite,
        ApiScopes.StatusRead => ScopeStatusRead,
        ApiScopes.KeysWrite => ScopeKeysWrite,
        ApiScopes.OthersRead => ScopeOthersRead,
        ApiScopes.OthersWrite => ScopeOthersWrite,
        ApiScopes.WebChatPerson => ScopeWebChatPerson,
        ApiScopes.ApprovalsDecide => ScopeApprovalsDecide,
        _ => LocalText.From(scope),
    };

    public static LocalText OfState(string state) => state switch
    {
        "active" => StateActive,
        "expired" => StateExpired,
        "revoked" => Revoked,
        ApiKeyRow.HolderLeft => StateHolderLeft,
        _ => LocalText.From(state),
    };

    public static string KindOf(string state) => state switch
    {
        "active" => "good",
        "expired" or ApiKeyRow.HolderLeft => "warn",
        _ => "off",
    };

    /// <summary>Why a key was not made or changed.</summary>
    public static LocalText Of(RequestRefusedException refused) => refused.Word switch
    {
        "bad_name" => BadName(ApiKeys.LongestName),
        "empty" => Empty,
        "bad_rate" => BadRate(ApiKeys.MostPerMinute),
        "bad_address" => BadAddress,
        "bad_issuer" => BadIssuer,
        "unknown_app" => UnknownApp,
        "name_in_use" => NameInUse,
        "too_many" => TooMany(ApiKeys.Most),
        "key_revoked" => KeyRevoked,
        "key_expired" => KeyExpired,
        "key_holder_left" => KeyHolderLeft,
        "hand_over_needed" => HandOverNeeded,
        "holder_away" => HolderAway,
        "no_such_person" => NoSuchPerson,
        _ => LocalText.From(refused.Message),
    };
}
