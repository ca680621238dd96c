using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larkspur.Gateway.Tests;

/// <summary>What starts and stops when.</summary>
public sealed class BackgroundOrderTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public void Events_stop_coming_before_they_stop_being_handled_and_that_before_sending_and_leases()
    {
        Type[] started = [.. fixture.Gateway.Services.GetServices<IHostedService>().Select(s => s.GetType())];
        Type[] own = [.. started.Where(t => BackgroundOrder.IsOwn(t))];
        Assert.Equal(BackgroundOrder.Types.Where(own.Contains), own);
        Type[] stopped = [.. own.Reverse()];
        // SQLite has one process, PostgreSQL several.
        Type[] leases = [typeof(SoleLeases), typeof(PostgresLeases)];
        Type[] watched = [typeof(LongConnections), typeof(Dispatcher), typeof(OutboxSender), .. leases];
        Assert.Equal([typeof(LongConnections), typeof(Dispatcher), typeof(OutboxSender), stopped.Single(leases.Contains)], stopped.Where(watched.Contains));
    }

    [Fact]
    public void The_order_is_the_same_however_the_rooms_are_registered()
    {
        var services = new ServiceCollection();
        foreach (var type in BackgroundOrder.Types.Reverse()) services.AddSingleton(typeof(IHostedService), type);
        services.OrderBackground();
        Assert.Equal(BackgroundOrder.Types, services.Select(s => s.ImplementationType));
    }

    [Fact]
    public void What_has_no_place_in_it_ends_the_start_and_others_come_first()
    {
        var services = new ServiceCollection();
        services.AddHostedService<Dispatcher>();
        services.AddHostedService<Others>();
        services.OrderBackground();
        Assert.Equal([typeof(Others), typeof(Dispatcher)], services.Select(s => s.ImplementationType));
        services.AddSingleton(typeof(IHostedService), typeof(EventRouter));
        Assert.Contains(nameof(BackgroundOrder), Assert.Throws<InvalidOperationException>(services.OrderBackground).Message, StringComparison.Ordinal);

        // Nor may its type be hidden.
        var hidden = new ServiceCollection();
        hidden.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Dispatcher>());
        Assert.Throws<InvalidOperationException>(hidden.OrderBackground);
    }

    private sealed class Others : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
