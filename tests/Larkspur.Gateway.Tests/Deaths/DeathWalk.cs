using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Deaths;

/// <summary>
/// Plays one piece of work again and again, and lets the process die at each of its transactions: before it is kept, and after. The next
/// process finds the database as it was then, and whoever was not answered comes again.
/// </summary>
/// <typeparam name="T">The platforms.</typeparam>
internal sealed class DeathWalk<T>
    where T : IAsyncDisposable
{
    private const int Most = 60;

    /// <summary>Less than an answer is held for when nobody is known to be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly List<Task> _endings = [];

    /// <summary>Makes the platforms that a pair of lives has before it.</summary>
    public required Func<Task<T>> Start { get; init; }

    /// <summary>Settings of the gateways on them.</summary>
    public required Func<T, IReadOnlyDictionary<string, string?>> Settings { get; init; }

    /// <summary>Changes to the hosts.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>What is done before the work; nothing dies of it.</summary>
    public Func<GatewayApp, T, Task>? Prepare { get; init; }

    /// <summary>What comes from outside; true: it was answered, and does not come again.</summary>
    public required Func<GatewayApp, T, Task<bool>> Act { get; init; }

    /// <summary>What must hold at the end.</summary>
    public required Func<T, Task> Judge { get; init; }

    /// <summary>Walks until the work is over before anything dies.</summary>
    /// <returns>How many deaths there were.</returns>
    public async Task<int> GoAsync()
    {
        try
        {
            for (var step = 1; step <= Most; step++)
            {
                if (!await DieAsync(step, committed: false)) return 2 * (step - 1);
                await DieAsync(step, committed: true);
            }
        }
        finally
        {
            await Task.WhenAll(_endings);
        }

        throw new InvalidOperationException($"After {Most} transactions the work is not over.");
    }

    /// <returns>False: the work was over before.</returns>
    private async Task<bool> DieAsync(int step, bool committed)
    {
        var platforms = await Start();
        var settings = Settings(platforms);
        var folder = Directory.CreateTempSubdirectory("larkspur-death-").FullName;
        DyingDatabase? dying = null;
        var first = await GatewayApp.StartAsync(settings["FEISHU_BASE_URL"]!, settings, configure: builder =>
        {
            Configure?.Invoke(builder);
            builder.Host.UseServiceProviderFactory(new Decorated(real => dying = new DyingDatabase(real, step, committed)));
        });
        try
        {
            if (Prepare is not null) await Prepare(first, platforms);
            dying!.Begin();
            var acting = Act(first, platforms);
            if (await EndsAliveAsync(dying, acting, first.DataFolder))
            {
                await Judge(platforms);
                return false;
            }

            var answered = acting.IsCompletedSuccessfully && await acting;
            await first.CopyDataToAsync(folder);
            await using var second = await GatewayApp.StartAsync(settings["FEISHU_BASE_URL"]!, settings, folder, configure: Configure);
            using var enough = new CancellationTokenSource(Patience);
            await OverAsync(answered ? Task.FromResult(true) : Act(second, platforms), folder, enough.Token);
            await Judge(platforms);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(
                $"Death at transaction {step}, {(committed ? "after" : "before")} its commit: {e.Message}; left: "
                + await LeftAsync(folder), e);
        }
        finally
        {
            _endings.Add(EndAsync(first, dying, platforms, folder));
        }
    }

    /// <summary>Takes a pair of lives down. A host whose database is gone takes its ten seconds, which nobody need wait for.</summary>
    private static async Task EndAsync(GatewayApp first, DyingDatabase? dying, T platforms, string folder)
    {
        dying?.Release();
        await first.DisposeAsync();
        await platforms.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <returns>True: the work is over; false: the process has died.</returns>
    private static async Task<bool> EndsAliveAsync(DyingDatabase dying, Task<bool> acting, string folder)
    {
        using var enough = new CancellationTokenSource(Patience);
        var over = OverAsync(acting, folder, enough.Token);
        if (await Task.WhenAny(dying.Dead, over) == over)
        {
            await over;
            return true;
        }

        await enough.CancelAsync();
        await over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    /// <summary>Ends when the sender was answered and the database has nothing left to do.</summary>
    private static async Task OverAsync(Task<bool> acting, string folder, CancellationToken enough)
    {
        await acting.WaitAsync(enough);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await LeftAsync(folder)).Length > 0) await ticks.WaitForNextTickAsync(enough);
    }

    /// <summary>Events, questions and streams that are open, and messages that are open or held.</summary>
    private static async Task<string> LeftAsync(string folder)
    {
        var path = Path.Combine(folder, "larkspur.db");
        if (!File.Exists(path)) return "no file";
        await using var file = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync();
        await using var command = file.CreateCommand();
        command.CommandText = """
            SELECT COALESCE(GROUP_CONCAT(line, ', '), '') FROM (
              SELECT 'event ' || id || ' after ' || attempts || ' attempts' AS line FROM inbox WHERE status = 0 UNION ALL
              SELECT 'message ' || id || ' in state ' || status || ' after ' || attempts || ' attempts, of ' || COALESCE(held_by, 'nobody')
              FROM outbox WHERE status IN (0, 3) UNION ALL
              SELECT 'question ' || id FROM assistant_turn WHERE state = 0 UNION ALL
              SELECT 'stream ' || id FROM card_stream WHERE state = 0)
            """;
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Decorated(Func<IDatabase, IDatabase> decorate) : IServiceProviderFactory<IServiceCollection>
    {
        public IServiceCollection CreateBuilder(IServiceCollection services)
        {
            var real = services.Last(static s => s.ServiceType == typeof(IDatabase));
            services.Remove(real);
            services.AddSingleton(provider => decorate((IDatabase)real.ImplementationFactory!(provider)));
            return services;
        }

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();
    }
}
