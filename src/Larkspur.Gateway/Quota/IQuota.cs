namespace Larkspur.Gateway.Quota;

/// <summary>How sparing an app has to be with its calls. Asked before every send and every poll: answers from memory.</summary>
internal interface IQuota
{
    /// <summary>The app's mode by its month.</summary>
    /// <param name="app">The app's name in the settings.</param>
    QuotaMode Mode(string app);

    /// <summary>The mode for calls of one API: what the platform does not count goes on whatever the month says, and a daily cap of the API counts too.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="endpoint">The endpoint's catalogue id.</param>
    QuotaMode Mode(string app, string endpoint);

    /// <summary>
    /// Whether a call that somebody waits for may be tried now. False only after the platform has refused with "quota used up": then one call passes in every
    /// <see cref="QuotaOptions.ProbeInterval"/>, because the plan may have been raised. A true answer takes that pass: ask when the call is about to be made.
    /// </summary>
    bool MayTry(string app, string endpoint);
}

/// <summary>What is left of a month's calls.</summary>
internal enum QuotaMode
{
    /// <summary>Enough, or no cap.</summary>
    Normal = 0,

    /// <summary>Nearly used up: nothing that can be left out (intermediate frames, polling).</summary>
    Economy = 1,

    /// <summary>Used up, by our count or by the platform's: nothing that can wait. What somebody waits for is tried (<see cref="IQuota.MayTry"/>).</summary>
    Exhausted = 2,
}
