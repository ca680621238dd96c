using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What goes wrong with syncs, as refusals of the REST API.</summary>
internal static class SyncRefusals
{
    /// <summary>For this caller there is none.</summary>
    public static RequestRefusedException NoSync() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No sync has this name. {KeyGrant.OthersHint}");

    public static RequestRefusedException NoConnection() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No connection has this name. {KeyGrant.OthersHint}");

    /// <summary>The caller may give it to whom it is to be given.</summary>
    public static void DemandSystem(KeyGrant caller, string? system)
    {
        if (system is null) return;
        if (!ListedName.IsSound(system)) throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        if (!caller.MayChange(system))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                "The calling key belongs to another system: this takes others:write.");
    }

    /// <summary>What a store refused.</summary>
    public static async Task<T> JudgedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SyncRefusedException e)
        {
            throw Of(e);
        }
        catch (SideStoppedException e)
        {
            throw Of(e, PointerOf(e.Side));
        }
        catch (SideAwayException e)
        {
            throw Of(e, PointerOf(e.Side));
        }
    }

    /// <summary>A side that says no.</summary>
    /// <param name="e">What it said.</param>
    /// <param name="pointer">Where the request names it; null: nowhere.</param>
    public static RequestRefusedException Of(SideStoppedException e, string? pointer) =>
        Told(StatusCodes.Status422UnprocessableEntity, "side_refused", pointer, SyncSentences.Whole(e.Reason, e.Side, e.Detail));

    /// <summary>A side that is away.</summary>
    /// <inheritdoc cref="Of(SideStoppedException, string)"/>
    public static RequestRefusedException Of(SideAwayException e, string? pointer) =>
        Told(StatusCodes.Status503ServiceUnavailable, "side_away", pointer, SyncSentences.Whole(e.Reason, e.Side, e.Detail));

    private static RequestRefusedException Told(int status, string word, string? pointer, LocalText text) =>
        new(status, word, pointer, text.English) { Chinese = text.Chinese };

    private static string? PointerOf(SideName? side) => side switch
    {
        SideName.Table => "/table",
        SideName.Source => "/source",
        _ => null,
    };

    /// <summary>What is wrong with a field of a spec.</summary>
    public static RequestRefusedException Of(MapProblem problem) =>
        RequestRefusedException.Impossible(problem.Word, PointerOf(problem), TextOf(problem));

    public static string PointerOf(MapProblem problem) =>
        problem.Field is { } i ? $"/fields/{i}/{problem.Member}" : "/" + problem.Member;

    public static LocalText TextOf(MapProblem problem) => problem.Word switch
    {
        MapProblem.NoField => Near(SyncRestTexts.NoField(problem.Given), problem),
        MapProblem.NoColumn => Near(SyncRestTexts.NoColumn(problem.Given), problem),
        MapProblem.KeyNotMapped => Near(SyncRestTexts.KeyNotMapped(problem.Given), problem),
        MapProblem.MappedTwice => SyncRestTexts.MappedTwice(problem.Given),
        MapProblem.NoSuchKind => SyncRestTexts.NoSuchKind(string.Join(", ", problem.Among)),
        MapProblem.TypesDiffer => SyncRestTexts.TypesDiffer(problem.Among[0], problem.Among[1]),
        MapProblem.NoKey => SyncRestTexts.NoKey(problem.Among[0]),
        _ => SyncRestTexts.FindColumn(problem.Word) ?? LocalText.From(problem.Word),
    };

    /// <summary>With the name that may be meant; where none is near, with those that there are.</summary>
    public static LocalText Near(LocalText text, string given, IReadOnlyList<string> among, bool onlyNear = false) =>
        Spelling.Nearest(given, among) is { } near
        ? text + SyncRestTexts.Maybe(near)
        : !onlyNear && among.Count is > 0 and <= 40 ? text + SyncRestTexts.There(string.Join(", ", among)) : text;

    private static LocalText Near(LocalText text, MapProblem problem) => Near(text, problem.Given, problem.Among);

    private static RequestRefusedException Of(SyncRefusedException e) => e.Word switch
    {
        "system_not_held" => KeyGrant.NotMine(),
        "name_in_use" => new(StatusCodes.Status409Conflict, e.Word, "/{name}",
            $"Something of another system has this name: choose another one. {KeyGrant.OthersHint}"),
        "too_many" => RequestRefusedException.Impossible(e.Word, null,
            $"There may be {SyncStore.Most} syncs, {SyncStore.MostOfOne} of one system, and {ConnectionStore.Most} connections."),
        _ => RequestRefusedException.Conflict(e.Word),
    };
}
