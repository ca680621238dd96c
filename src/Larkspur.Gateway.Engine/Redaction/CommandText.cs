namespace Larkspur.Gateway.Redaction;

/// <summary>Sentences of the command line, which has no host: without the secrets of its environment and its arguments.</summary>
public static class CommandText
{
    /// <summary>The sentence without secrets.</summary>
    /// <param name="sentence">What is to be said.</param>
    /// <param name="args">Settings as <c>--NAME value</c>, if there were any.</param>
    public static string Hide(string sentence, params string[] args)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(args);
        var secrets = new SecretRegistry();
        secrets.Tell(ConfiguredSecrets.Source,
            ConfiguredSecrets.Of(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(Settings(args)).Build()));
        return secrets.Hide(sentence);
    }

    /// <summary>Without what the framework would not read, and would repeat in saying so: one dash before a name.</summary>
    private static string[] Settings(string[] args) =>
        [.. args.Where(a => a.StartsWith("--", StringComparison.Ordinal) || !a.StartsWith('-'))];
}
