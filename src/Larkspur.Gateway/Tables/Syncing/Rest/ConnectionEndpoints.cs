using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Connections to companies' own data over REST, and for the console under the same rules.</summary>
internal sealed class ConnectionEndpoints(ConnectionStore connections, SyncStore syncs, SourceKinds kinds)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("", (KeyGrant caller, ConnectionEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ListSyncConnections")
            .WithSummary("Connections that the key's system may use").Produces<SyncConnectionListView>().Refuses();
        routes.MapGet("/{name}", (string name, KeyGrant caller, ConnectionEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, name, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ShowSyncConnection").WithSummary("One of them; its address is never shown")
            .Produces<SyncConnectionView>().Refuses(404);
        routes.MapGet("/{name}/probe", (string name, string? table, KeyGrant caller, ConnectionEndpoints on,
            CancellationToken cancellation) => on.ProbeAsync(caller, name, table, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ProbeSyncConnection")
            .WithSummary("What is there, and how changes of a table are heard of")
            .Produces<SyncProbeView>().Refuses(404, 422, 503);
        routes.MapPut("/{name}", (Body<PutSyncConnection> body, string name, ConnectionEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .Needs(ApiScopes.SettingsWrite).WithName("PutSyncConnection").WithSummary("Make a connection for a system, or change one")
            .WithDescription("It is tried at once. It takes an administrative scope, for a connection opens a file or a database that the "
                + "gateway's machine reaches.")
            .Produces<SyncConnectionView>().Produces<SyncConnectionView>(StatusCodes.Status201Created)
            .Refuses(400, 403, 409, 413, 415, 422, 503);
        routes.MapDelete("/{name}", (HttpContext http, string name, ConnectionEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .Needs(ApiScopes.SettingsWrite).WithName("DeleteSyncConnection").WithSummary("Forget a connection that no sync uses")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404, 409);
    }

    /// <summary>Those that a caller may use, by name.</summary>
    public async Task<IReadOnlyList<SyncConnectionView>> ViewsAsync(KeyGrant caller, CancellationToken cancellation)
    {
        var uses = (await syncs.AllAsync(cancellation)).Where(sync => caller.MayRead(sync.Owner))
            .ToLookup(sync => sync.Spec.Source.Connection, sync => sync.Name, StringComparer.Ordinal);
        return [.. (await connections.AllAsync(cancellation)).Where(row => caller.MayRead(row.Owner))
            .Select(row => SyncConnectionView.Of(row, [.. uses[row.Name]]))];
    }

    /// <summary>What is there.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it says no.</exception>
    public async Task<SyncProbeView> LookAsync(KeyGrant caller, string name, string? table, CancellationToken cancellation)
    {
        var row = await KnownAsync(caller, name, cancellation);
        try
        {
            return SyncProbeView.Of(await ProbeAsync(connections.Open(row), table, cancellation));
        }
        catch (SideStoppedException e)
        {
            throw SyncRefusals.Of(e, table is not null && e.Reason == Gateway.Syncs.Sides.Problems.NotFound ? "?table" : null);
        }
        catch (SideAwayException e)
        {
            throw SyncRefusals.Of(e, null);
        }
    }

    /// <summary>Makes a connection, or changes one.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so; the word and the pointer say why.</exception>
    public async Task<(SyncConnectionView View, bool IsNew)> PutAsync(
        KeyGrant caller, string name, PutSyncConnection sent, CancellationToken cancellation)
    {
        if (!BaseReach.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", BaseReach.NameRule);
        var known = await connections.FindAsync(name, cancellation);
        if (known is not null && !caller.MayRead(known.Owner))
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
                $"Another connection has this name: choose another one. {KeyGrant.OthersHint}");
        if (known is not null && !caller.MayChange(known.Owner)) throw KeyGrant.NotMine();
        SyncRefusals.DemandSystem(caller, sent.System);
        var kind = sent.Kind ?? known?.Kind ?? throw BodyRefusals.Missing("/kind", "kind", []);
        if (kinds.Find(kind) is not { } there) throw NoKind(kind);
        // The address of one kind says nothing to another.
        if (sent.Address is null && kind != known?.Kind) throw BodyRefusals.Missing("/address", "address", []);
        var address = sent.Address ?? connections.Open(known!).Address;
        if (there.ProblemOf(address) is { } problem) throw RequestRefusedException.Impossible("bad_source", "/address", problem);
        var owner = sent.System ?? known?.Owner ?? caller.Owner;
        await TryAsync(new(name, kind, owner, address), cancellation);
        var (row, isNew) = await SyncRefusals.JudgedAsync(() =>
            connections.PutAsync(caller, name, kind, address, ShownAddress.Of(kind, address), owner, cancellation));
        return (await ViewAsync(caller, row, cancellation), isNew);
    }

    /// <summary>Forgets a connection.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or a sync uses it.</exception>
    public async Task RemoveAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        await KnownAsync(caller, name, cancellation);
        var users = (await syncs.AllAsync(cancellation)).Where(sync => sync.Spec.Source.Connection == name).ToList();
        if (users.Count > 0)
        {
            // Whose syncs they are is told to those who may know.
            var shown = string.Join(", ", users.Select(sync => caller.MayRead(sync.Owner) ? sync.Name : "…").Distinct());
            var text = SyncRestTexts.ConnectionInUse(shown);
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "connection_in_use", null, text.English)
            {
                Chinese = text.Chinese,
            };
        }

        if (!await SyncRefusals.JudgedAsync(() => connections.RemoveAsync(caller, name, cancellation))) throw SyncRefusals.NoConnection();
    }

    private async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new SyncConnectionListView(await ViewsAsync(caller, cancellation)));

    private async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await ViewAsync(caller, await KnownAsync(caller, name, cancellation), cancellation));

    private async Task<IResult> ProbeAsync(KeyGrant caller, string name, string? table, CancellationToken cancellation) =>
        TypedResults.Ok(await LookAsync(caller, name, table, cancellation));

    private async Task<IResult> PutAsync(Body<PutSyncConnection> body, string name, CancellationToken cancellation)
    {
        var (view, isNew) = await PutAsync(Caller.Grant(body.Http), name, await body.ReadAsync(cancellation), cancellation);
        return isNew ? TypedResults.Created($"/api/v1/sync-connections/{name}", view) : TypedResults.Ok(view);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        await RemoveAsync(Caller.Grant(http), name, cancellation);
        return TypedResults.NoContent();
    }

    private async Task<SyncConnectionView> ViewAsync(KeyGrant caller, ConnectionRow row, CancellationToken cancellation) =>
        SyncConnectionView.Of(row, [.. (await syncs.AllAsync(cancellation))
            .Where(sync => sync.Spec.Source.Connection == row.Name && caller.MayRead(sync.Owner)).Select(sync => sync.Name)]);

    private async Task<ConnectionRow> KnownAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        await connections.FindAsync(name, cancellation) is { } row && caller.MayRead(row.Owner) ? row : throw SyncRefusals.NoConnection();

    private Task<SourceProbe> ProbeAsync(SourceConnection connection, string? table, CancellationToken cancellation) =>
        kinds.Find(connection.Kind)?.ProbeAsync(connection, table, cancellation) ?? throw NoKind(connection.Kind);

    /// <summary>An address that leads nowhere is told at once.</summary>
    private async Task TryAsync(SourceConnection connection, CancellationToken cancellation)
    {
        try
        {
            await ProbeAsync(connection, null, cancellation);
        }
        catch (SideStoppedException e)
        {
            throw SyncRefusals.Of(e, "/address");
        }
        catch (SideAwayException e)
        {
            throw SyncRefusals.Of(e, "/address");
        }
    }

    private RequestRefusedException NoKind(string kind)
    {
        var near = Spelling.Nearest(kind, kinds.Words) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        return RequestRefusedException.Impossible("bad_kind", "/kind", $"There are: {string.Join(", ", kinds.Words.Order())}.{near}");
    }
}
