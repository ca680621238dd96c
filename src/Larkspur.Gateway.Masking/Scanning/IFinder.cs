namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Finds what must not be shown, once through a growing text, from its beginning to its end.</summary>
internal interface IFinder
{
    /// <summary>Everything that begins before this position has been found.</summary>
    int Settled { get; }

    /// <summary>Goes on as far as what is at hand allows. What is found is added in order; none overlaps another one of the same finder.</summary>
    void Advance(ref TextWindow window, List<MaskedSpan> found);
}
