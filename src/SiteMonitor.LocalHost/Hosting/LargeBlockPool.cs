using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>
/// Gives Kestrel blocks of 16 KiB instead of 4 KiB, so that a typical delivery of GitHub (about 12 kB) is read with one receive. A
/// connection without data has no block.
/// </summary>
internal sealed class LargeBlockPool : MemoryPool<byte>
{
    private const int BlockSize = 16 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    protected override void Dispose(bool disposing)
    {
        // The shared pool is not ours to dispose.
    }

    /// <summary>Gives Kestrel the pool.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockPool();
    }
}
