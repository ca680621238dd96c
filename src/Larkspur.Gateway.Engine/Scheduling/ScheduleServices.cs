using Larkspur.Gateway.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Scheduling;

/// <summary>How a capability declares its recurring jobs.</summary>
internal static class ScheduleServices
{
    /// <summary>Runs <typeparamref name="TJob"/> again and again.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Lower-case letters, digits and <c>-</c>; unique.</param>
    /// <param name="every">From the beginning of a run to the next; at least a second. What was missed is made up for by one run.</param>
    /// <param name="timeout">Time a run has; default <see cref="Schedule.DefaultTimeout"/>.</param>
    /// <exception cref="ArgumentException">See the parameters.</exception>
    public static IServiceCollection AddSchedule<TJob>(this IServiceCollection services, string name, TimeSpan every, TimeSpan? timeout = null)
        where TJob : class, IScheduledJob => services.Add<TJob>(Schedule.Periodic(name, typeof(TJob), every, timeout));

    /// <summary>Runs <typeparamref name="TJob"/> by the calendar of <c>LARKSPUR_TIME_ZONE</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Lower-case letters, digits and <c>-</c>; unique.</param>
    /// <param name="cron">Seconds first: <c>0 30 3 * * ?</c> is half past three every day. What was missed is made up for by one run.</param>
    /// <param name="timeout">Time a run has; default <see cref="Schedule.DefaultTimeout"/>.</param>
    /// <exception cref="ArgumentException">See the parameters.</exception>
    public static IServiceCollection AddSchedule<TJob>(this IServiceCollection services, string name, string cron, TimeSpan? timeout = null)
        where TJob : class, IScheduledJob => services.Add<TJob>(Schedule.ByCalendar(name, typeof(TJob), cron, timeout));

    /// <summary>What runs them.</summary>
    public static void AddScheduling(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<ScheduleOptions>());
        services.AddSingleton<ScheduleRegistry>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ScheduleMetrics>();
        services.AddSingleton<ScheduleRuns>();
        services.AddSingleton<QuartzEngineFactory>();
        services.AddSingleton<Scheduler>();
        services.AddHostedService(provider => provider.GetRequiredService<Scheduler>());
    }

    private static IServiceCollection Add<TJob>(this IServiceCollection services, Schedule schedule) where TJob : class
    {
        services.TryAddSingleton<TJob>();
        return services.AddSingleton(schedule);
    }
}

/// <summary>All schedules of this program.</summary>
internal sealed class ScheduleRegistry(IEnumerable<Schedule> schedules)
{
    private readonly Dictionary<string, Schedule> _byName = schedules.ToDictionary(s => s.Name);

    public IReadOnlyCollection<Schedule> All => _byName.Values;

    /// <summary>The schedule of a name, or null.</summary>
    public Schedule? Find(string name) => _byName.GetValueOrDefault(name);
}
