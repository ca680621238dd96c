namespace Larkspur.Emulator.Wire;

internal enum BadBody { TooLarge, CutOff, NotJson, NoObject, NoBoundary, BrokenParts }

/// <summary>A body that cannot be read; each platform says so in its own way.</summary>
internal sealed class BadBodyException(BadBody what) : Exception
{
    public BadBody What { get; } = what;
}
