using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Who acts, and what he may do.</summary>
/// <param name="Who">For the audit log.</param>
/// <param name="Scopes">Null: everything, like the key of LARKSPUR_API_KEY and the console's administrators.</param>
/// <param name="Until">What it hands on ends with it; null: it does not end.</param>
/// <param name="KeyId">The key's id; null: the key of LARKSPUR_API_KEY, or the console.</param>
/// <param name="Reach">Whose the key is and how far it reaches; null: the key of LARKSPUR_API_KEY, or the console.</param>
internal sealed record KeyGrant(Actor Who, IReadOnlySet<string>? Scopes = null, DateTimeOffset? Until = null, long? KeyId = null, KeyReach? Reach = null)
{
    /// <summary>Calls a minute of the key, and the most that it gives; null: the key of LARKSPUR_API_KEY, or the console.</summary>
    public int? PerMinute { get; init; }

    /// <summary>The person whose the key is; null: nobody's, the key of LARKSPUR_API_KEY, or the console.</summary>
    public string? Holder { get; init; }

    /// <summary>Said with every 404: what is another system's is not there for a key that may not read it.</summary>
    public const string OthersHint = "What other systems made takes " + ApiScopes.OthersRead + " or " + ApiScopes.OthersWrite + ".";

    /// <summary>Whose is what this caller makes: the key's system. Empty for the key of LARKSPUR_API_KEY and the console, whose things are no single system's.</summary>
    public string Owner => Reach?.System ?? "";

    /// <summary>May read what anybody made, and what nobody made here.</summary>
    public bool ReadsAll => MayRead("");

    /// <summary>May change what anybody made, and what nobody made here.</summary>
    public bool ChangesAll => MayChange("");

    /// <summary>What lists show this caller.</summary>
    public OwnerFilter Readable => new(ReadsAll ? null : Owner, Reach?.Apps);

    /// <summary>What this caller may change of many things at once.</summary>
    public OwnerFilter Changeable => new(ChangesAll ? null : Owner, Reach?.Apps);

    /// <summary>The caller, as a parameter of a route.</summary>
    public static ValueTask<KeyGrant?> BindAsync(HttpContext http) => ValueTask.FromResult<KeyGrant?>(Caller.Grant(http));

    /// <param name="scope">Null: what nobody gave a scope takes a caller who may do everything.</param>
    public bool Has(string? scope) => Scopes is null || (scope is not null && (Scopes.Contains(scope) || (scope == ApiScopes.OthersRead && Scopes.Contains(ApiScopes.OthersWrite))));

    /// <summary>May read what this owner made.</summary>
    /// <param name="owner">The owner's system; empty: the key of LARKSPUR_API_KEY, the console, or from before things had owners.</param>
    public bool MayRead(string? owner) => IsMine(owner) || Has(ApiScopes.OthersRead);

    /// <summary>May change what this owner made.</summary>
    /// <param name="owner">As above.</param>
    public bool MayChange(string? owner) => IsMine(owner) || Has(ApiScopes.OthersWrite);

    /// <summary>May speak for this app.</summary>
    public bool MayUse(string app) => Reach?.Apps is not { } apps || apps.Contains(app, StringComparer.Ordinal);

    /// <summary>Ends the request unless the caller may read what this owner made by this app.</summary>
    /// <param name="owner">As above.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="missing">What is said of a thing that does not exist.</param>
    /// <exception cref="RequestRefusedException">For this caller there is no such thing.</exception>
    public void DemandRead(string? owner, string app, Func<RequestRefusedException> missing)
    {
        if (!MayRead(owner) || !MayUse(app)) throw missing();
    }

    /// <summary>Ends the request unless the caller may change what this owner made by this app.</summary>
    /// <param name="owner">As above.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="missing">What is said of a thing that does not exist.</param>
    /// <exception cref="RequestRefusedException">For this caller there is no such thing, or it is there to be read only.</exception>
    public void DemandChange(string? owner, string app, Func<RequestRefusedException> missing)
    {
        DemandRead(owner, app, missing);
        if (!MayChange(owner)) throw NotMine();
    }

    /// <summary>It can be seen, and is another system's.</summary>
    public static RequestRefusedException NotMine() => new(StatusCodes.Status403Forbidden, "system_not_held", null, $"This is not of the calling key's system: changing it takes {ApiScopes.OthersWrite}.");

    /// <summary>The app that a request means: the one that it names, else the key's only one, else the default one.</summary>
    /// <param name="name">As the request names it; null: it names none.</param>
    /// <param name="pointer">Where the request names it.</param>
    /// <exception cref="RequestRefusedException">The key does not speak for it, or for several and not for the default one.</exception>
    public string AppOf(string? name, string? pointer)
    {
        if (name is not null)
        {
            return MayUse(name) ? name
                : throw new RequestRefusedException(StatusCodes.Status403Forbidden, "app_not_allowed", pointer, $"The key does not speak for the app \"{JsonFields.Shown(name)}\".");
        }

        return Reach?.Apps switch
        {
            null => AppNames.Default,
            [var only] => only,
            var apps when apps.Contains(AppNames.Default, StringComparer.Ordinal) => AppNames.Default,
            { Count: 0 } => throw new RequestRefusedException(StatusCodes.Status403Forbidden, "app_not_allowed", pointer, "The key speaks for no app."),
            var apps => throw RequestRefusedException.Impossible("app_missing", pointer, $"Name the app; the key speaks for {string.Join(", ", apps)}."),
        };
    }

    private bool IsMine(string? owner) => Scopes is null || (owner is { Length: > 0 } && owner == Owner);
}
