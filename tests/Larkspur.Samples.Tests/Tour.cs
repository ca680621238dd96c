namespace Larkspur.Samples.Tests;

/// <summary>The samples, as the folder has them.</summary>
internal static class Tour
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "samples");

    /// <summary>The sample that is a plug-in of the gateway and no program.</summary>
    public const string Plugin = "DemoBot";

    /// <summary>Names of the samples that are programs.</summary>
    public static string[] Names { get; } =
        [.. Directory.GetFiles(Folder, "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => n != Plugin).Order()];

    /// <summary>
    /// An emulator that waits for a sample as long as a busy machine needs: the seconds that it gives a receiver do not pass. Neither do the windows of its
    /// rate limits, so it is for samples that say little.
    /// </summary>
    public static Task<EmulatorApp> PatientEmulatorAsync() =>
        EmulatorApp.StartAsync(settings => settings with { RealTime = new ManualTimeProvider(TimeProvider.System.GetUtcNow()) });

    /// <summary>What an emulator's person asks the bot.</summary>
    public static Task SayAsync(this EmulatorApp emulator, string person, string text) =>
        emulator.ActAsync(new { @as = person, @do = "send", text });

    /// <summary>Waits until the bot shows this, in a text or a card, and no longer than the sample runs.</summary>
    public static Task<System.Text.Json.Nodes.JsonObject> ShowsAsync(this SampleProcess sample, EmulatorApp emulator, string text) =>
        sample.MeanwhileAsync(emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString(text)));

    /// <summary>Waits until the emulator counts the sample's long connection: what is written before goes to nobody.</summary>
    public static Task ConnectedAsync(this SampleProcess sample, EmulatorApp emulator)
    {
        return sample.MeanwhileAsync(CountedAsync());

        async Task<bool> CountedAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            using var watch = emulator.State.Watch();
            while ((await emulator.ControlAsync(HttpMethod.Get, "connections"))["connections"]!.AsArray().Count == 0)
                await watch.Changes.ReadAsync(deadline.Token);
            return true;
        }
    }
}
