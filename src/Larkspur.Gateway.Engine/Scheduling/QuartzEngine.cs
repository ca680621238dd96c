using System.Data.Common;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Npgsql;
using Quartz;

namespace Larkspur.Gateway.Scheduling;

/// <summary>A Quartz scheduler: in memory beside SQLite, clustered in the database on PostgreSQL. It is made anew when it could not be opened.</summary>
internal sealed class QuartzEngine(StandaloneSchedulerFactory factory, NpgsqlDataSource? source, IScheduler scheduler, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Jobs begin once the declarations are made.</summary>
    public ValueTask StartAsync(CancellationToken cancellation) => scheduler.Start(cancellation);

    /// <summary>Brings the store in line with a declaration. What it knows under the same rule keeps its next run.</summary>
    public async Task DeclareAsync(Schedule schedule, DateTimeOffset firstDue, bool overdue, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var key = new TriggerKey(schedule.Name, QuartzJob.Group);
        var rule = schedule.Rule(zone);
        if (await scheduler.GetTrigger(key, cancellation) is { } known && known.Description == rule)
        {
            // Quartz gives a trigger up when a process could not make its job: one of another version, perhaps.
            if (await scheduler.GetTriggerState(key, cancellation) == TriggerState.Error) await scheduler.ResetTriggerFromErrorState(key, cancellation);
            return;
        }

        var job = JobBuilder.Create<QuartzJob>().WithIdentity(schedule.Name, QuartzJob.Group).StoreDurably().Build();
        var trigger = TriggerBuilder.Create(clock).WithIdentity(key).WithDescription(rule).ForJob(job);
        trigger = schedule.Every is { } every
            ? trigger.StartAt(firstDue).WithSchedule(SimpleScheduleBuilder.Create().WithInterval(every).RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithRemainingCount))
            : trigger.WithSchedule(CronScheduleBuilder.Create(schedule.Cron!).InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed));
        await scheduler.ScheduleJob(job, [trigger.Build()], ScheduleJobOptions.Replacing, cancellation);
        // A periodic trigger begins with what was missed; one by the calendar knows only its next time.
        if (overdue && schedule.Cron is not null) await RunNowAsync(schedule.Name, cancellation);
    }

    /// <summary>Forgets a job.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellation) => await scheduler.DeleteJob(new JobKey(name, QuartzJob.Group), cancellation);

    /// <summary>When it runs next, or null.</summary>
    public async Task<DateTimeOffset?> NextAsync(string name, CancellationToken cancellation) =>
        (await scheduler.GetTrigger(new TriggerKey(name, QuartzJob.Group), cancellation))?.NextFireTimeUtc;

    /// <summary>Lets it run once as soon as possible: now, or after the run that is under way.</summary>
    /// <returns>False when a run that was asked for is waiting or under way.</returns>
    public async Task<bool> RunNowAsync(string name, CancellationToken cancellation)
    {
        var trigger = TriggerBuilder.Create(clock).WithIdentity(name, QuartzJob.AskedGroup).ForJob(name, QuartzJob.Group).StartNow().Build();
        try
        {
            await scheduler.ScheduleJob(trigger, cancellationToken: cancellation);
            return true;
        }
        catch (ObjectAlreadyExistsException)
        {
            return false;
        }
    }

    /// <summary>Asks running jobs to end and waits for them.</summary>
    public ValueTask StopAsync() => scheduler.Shutdown(waitForJobsToComplete: true);

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        if (source is not null) await source.DisposeAsync();
    }
}

/// <summary>Makes Quartz schedulers.</summary>
internal sealed class QuartzEngineFactory(DatabaseAddress database, ScheduleRuns runs, ILeases leases, LeaseOptions leaseOptions, TimeProvider clock, ILoggerFactory loggers)
{
    private const string ClusterName = "larkspur";

    /// <summary>A job blocks nobody else's connection, nor the other way round: Quartz has its own few.</summary>
    private const int Connections = 5;

    /// <summary>What runs at once in a process.</summary>
    private const int Concurrency = 8;

    /// <summary>Later than this a run counts as missed, and all that were missed become one.</summary>
    private static readonly TimeSpan MissedAfter = TimeSpan.FromSeconds(5);

    /// <summary>How soon a process hears of runs that another one has been asked for and did not take.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(5);

    /// <summary>Makes one that is not started yet. On PostgreSQL it does not touch the database so far.</summary>
    public async Task<QuartzEngine> CreateAsync(CancellationToken cancellation)
    {
        var logs = new QuartzLogs(loggers, clock);
        logs.Enter();
        NpgsqlDataSource? source = null;
        StandaloneSchedulerFactory? factory = null;
        try
        {
            // Quartz's own container: dozens of services that the host does not have to know, made after the start.
            var builder = QuartzSchedulerBuilder.Create(quartz =>
            {
                quartz.Services.AddSingleton<ILoggerFactory>(logs);
                quartz.UseTimeProvider(clock);
                quartz.ConfigureScheduler(options =>
                {
                    options.InstanceName = ClusterName;
                    options.InstanceId = leases.Node;
                    options.IdleWaitTime = LookEvery;
                    options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
                });
                quartz.UseDefaultThreadPool(Concurrency).UseJobFactory(new QuartzJobFactory(runs));
                if (database.Dialect == Dialect.Sqlite) quartz.UseInMemoryStore(store => store.MisfireThreshold = MissedAfter);
                else Cluster(quartz, source = Connect());
            });
            factory = builder.Build();
            return new QuartzEngine(factory, source, await factory.GetScheduler(cancellation), clock);
        }
        catch
        {
            if (factory is not null) await factory.DisposeAsync();
            if (source is not null) await source.DisposeAsync();
            throw;
        }
    }

    private NpgsqlDataSource Connect() =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresAddress.Complete(database.Value)) { MaxPoolSize = Connections });

    private void Cluster(IQuartzBuilder quartz, NpgsqlDataSource source)
    {
        quartz.Services.AddSingleton<DbDataSource>(source);
        quartz.UsePersistentStore(store => store
            .ConfigureStore(options =>
            {
                options.TablePrefix = "qrtz_";
                options.StoreJobDataAsStrings = true;
                options.MisfireThreshold = MissedAfter;
                options.DbRetryInterval = DatabasePause;
                options.UseBackgroundThreads = true;
                // The tables are made by our migration; a Quartz that wants others says so.
                options.SchemaProvisioning = SchemaProvisioning.Validate;
            })
            // A process that died is taken over from as quickly here as with the leases.
            .UseClustering(cluster =>
            {
                cluster.CheckinInterval = leaseOptions.Interval;
                cluster.CheckinMisfireThreshold = leaseOptions.Lifetime - leaseOptions.Interval;
            })
            .UsePostgres(connection => connection.UseRegisteredDataSource = true));
    }
}
