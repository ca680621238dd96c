using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>Which bases there are for a caller, and which of them are his to write and to change.</summary>
internal sealed partial class BaseReach(BaseStore bases)
{
    /// <summary>What a name may look like, for refusals.</summary>
    public const string NameRule =
        "A name has lower-case letters, digits, '-' and '_', begins with a letter or digit, and has at most 40 characters.";

    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>He sees it.</summary>
    public static bool IsSeen(KeyGrant caller, BaseRow row) => caller.MayRead(row.Owner) && caller.MayUse(row.App);

    /// <summary>Those that he may see, by name.</summary>
    public async Task<IReadOnlyList<BaseRow>> ReadableAsync(KeyGrant caller, CancellationToken cancellation) =>
        [.. (await bases.AllAsync(cancellation)).Where(row => IsSeen(caller, row))];

    /// <summary>There is such a base for this caller.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">It is to be written or changed.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">There is none, or it is there to be read only.</exception>
    public async Task<BaseRow> KnownAsync(KeyGrant caller, string name, bool change, CancellationToken cancellation)
    {
        if (await bases.FindAsync(name, cancellation) is not { } row || !IsSeen(caller, row)) throw NotFound();
        return !change || caller.MayChange(row.Owner) ? row : throw KeyGrant.NotMine();
    }

    /// <summary>For this caller there is none.</summary>
    public static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No base has this name. {KeyGrant.OthersHint}");

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,39}\\z")]
    private static partial Regex Name();
}
