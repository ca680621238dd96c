using System.Reflection;
using Larkspur.Gateway.Storage.Migrations;

namespace Larkspur.Gateway.Storage.Leases;

/// <summary>A file has one process: it takes every lease at its start, under new tokens, and keeps them.</summary>
internal sealed class SoleLeases(IDatabase database, TimeProvider clock) : LeaseRegistry, IHostedService
{
    private const long Never = long.MaxValue / 2;

    public async Task StartAsync(CancellationToken cancellationToken) => Gained(await database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("DELETE FROM node");
        await unit.ExecuteAsync("INSERT INTO node (id, host, version, newest_schema, started_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
            Node, Environment.MachineName, Version, MigrationScript.Newest, clock.GetUtcNow().ToUnixTimeMilliseconds(), Never);
        return await unit.QueryAsync("UPDATE lease SET node = $1, token = token + 1, expires_at = $2 RETURNING partition, token",
            static row => new Fence(row.GetInt32(0), row.GetInt64(1)), Node, Never);
    }, cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static string Version => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";
}
