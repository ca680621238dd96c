namespace Larkspur.Cli.Smoke;

/// <summary>A step of the smoke run did not see what it had to see.</summary>
internal sealed class SmokeFailure(string message) : Exception(message);
