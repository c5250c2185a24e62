using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>
/// Memory for Kestrel in blocks that hold a usual delivery of GitHub's (about 12 kB), so that one receive takes it whole. Kestrel's own
/// blocks have 4 kB. A connection without data has no block.
/// </summary>
internal sealed class LargeBlockPool : MemoryPool<byte>
{
    private const int BlockSize = 16 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    protected override void Dispose(bool disposing)
    {
        // It has nothing of its own.
    }

    /// <summary>Gives Kestrel the pool.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockPool();
    }
}
